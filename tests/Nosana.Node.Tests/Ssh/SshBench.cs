using System.Net;
using Nosana.Node.Ssh;
using Nosana.Node.Ssh.Server;
using Nosana.Node.Tests.Api;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.Ssh;

/// <summary>The SSH server with its process, over jobs on a fake engine, and OpenSSH's client.</summary>
internal sealed class SshBench : IAsyncDisposable
{
    private RunningJob? _job;

    private SshBench(ApiBench api) => Api = api;

    public ApiBench Api { get; }

    public SshClient Client { get; } = new();

    public SshServer Server => Api.Get<SshServer>();

    public FakeEngine Engine => Api.Jobs.Engine;

    public IPEndPoint Front => Server.Address!;

    public string KeysPath => $"/job/{Api.JobAddress}/ssh/keys";

    public string AuthorizePath => $"/job/{Api.JobAddress}/ssh/authorize";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A host on which a job runs with an operation each.</summary>
    public static Task<SshBench> StartAsync(params string[] ops) => StartAsync(null, ops);

    /// <param name="change">Of the SSH server's options.</param>
    public static async Task<SshBench> StartAsync(Func<SshOptions, SshOptions>? change, params string[] ops)
    {
        var bench = new SshBench(await ApiBench.StartAsync(changeSsh: change));
        await bench.Server.StartAsync(Cancel);
        await bench.Server.Ready.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        bench._job = await RunningJob.StartAsync(
            bench.Api, string.Join(',', (ops.Length == 0 ? ["a"] : ops).Select(op => JobBench.Op(op, "\"group\":\"g\""))));
        return bench;
    }

    public string Destination(int op = 0) => $"nosana@{Api.JobAddress}-{op}-ssh.localhost";

    public string GatewayDestination(string? job = null) => $"nosana-{job ?? Api.JobAddress}@{Api.Host.PublicKey}-ssh.localhost";

    /// <summary>Lets a key in, by a request of the owner's.</summary>
    public async Task GrantAsync(string? key = null, string more = "")
    {
        (int status, string body, _) = await Api.PostAsync(AuthorizePath, body: $$"""{"sshPublicKey":"{{key ?? Client.PublicKey}}"{{more}}}""");
        Assert.True(status == 201, $"{status} {body}");
    }

    public Task<SshRun> RunAsync(string typed, string options = "-tt", string command = "", string? destination = null, string? keyFile = null) =>
        Client.RunAsync(Front, destination ?? Destination(), typed, options, command, keyFile);

    public SshSession Open(string options = "-tt", string command = "", string? destination = null) =>
        Client.Start(Front, destination ?? Destination(), options, command);

    public async Task EndJobAsync()
    {
        if (_job is not null) await _job.DisposeAsync();
        _job = null;
    }

    public async ValueTask DisposeAsync()
    {
        await EndJobAsync();
        await Server.StopAsync(CancellationToken.None);
        await Api.DisposeAsync();
        Client.Dispose();
    }
}
