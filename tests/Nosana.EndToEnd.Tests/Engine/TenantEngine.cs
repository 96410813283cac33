using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.Docker.Tests;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Retries;

namespace Nosana.EndToEnd.Tests.Engine;

/// <summary>The test's engine as the agent uses it, and one job's label on everything that a test makes; all of it is removed at the end.</summary>
internal sealed class TenantEngine : IAsyncDisposable
{
    public const string Image = "busybox";

    private readonly TestEngine _test;
    private readonly List<string> _jobs = [];

    private TenantEngine(TestEngine test)
    {
        _test = test;
        EngineClient client = test.Client;
        Runtime = new ContainerRuntime(client, NullLogger<ContainerRuntime>.Instance);
        Networks = new JobNetworks(client);
        Volumes = new JobVolumes(client);
        Reaper = new JobReaper(client, Runtime, Networks, Volumes);
        Images = new ImagePuller(
            client, new EngineDelivery(client, new DockerConfigFile("/nonexistent/config.json")),
            new PullOptions { Retry = RetryPipelines.ImagePull with { Tries = 1 } }, NullLogger<ImagePuller>.Instance);
    }

    public ContainerRuntime Runtime { get; }

    public JobNetworks Networks { get; }

    public JobVolumes Volumes { get; }

    public JobReaper Reaper { get; }

    public ImagePuller Images { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="test">Another engine than that of all tests; disposed with this.</param>
    public static async Task<TenantEngine> OpenAsync(TestEngine? test = null)
    {
        var engine = new TenantEngine(test ?? new TestEngine());
        if (await engine.Images.FindAsync(Image, Token) is null) await engine.Images.PullAsync(Image, cancellationToken: Token);
        return engine;
    }

    /// <summary>A new job with its network.</summary>
    public async Task<string> NewJobAsync()
    {
        string job = $"test-{Guid.NewGuid():N}"[..20];
        _jobs.Add(job);
        await Networks.EnsureAsync(job, Labels(job), Token);
        return job;
    }

    public static Dictionary<string, string> Labels(string job) => new() { [EngineLabels.Job] = job, [EngineLabels.Op] = "op" };

    public static ContainerSpec Spec(string job, params string[] command) => new()
    {
        Name = $"{job}-0",
        Image = "docker.io/library/busybox:latest",
        Command = command,
        NetworkName = job,
        Labels = Labels(job),
    };

    public async Task<string> StartAsync(ContainerSpec spec, HardeningProfile? profile = null)
    {
        string id = await Runtime.CreateAsync(spec, profile ?? new HardeningProfile(), Token);
        await Runtime.StartAsync(id, Token);
        return id;
    }

    /// <summary>Runs a shell line to its end.</summary>
    public async Task<(ContainerExit Exit, string Output)> RunAsync(ContainerSpec spec, HardeningProfile? profile = null)
    {
        string id = await StartAsync(spec, profile);
        ContainerSnapshot ended = await Runtime.WaitAsync(id, Token);
        return (ended.Exit!, await OutputAsync(id));
    }

    public async Task<string> OutputAsync(string id)
    {
        await using MultiplexedStream? stream = await Runtime.OpenLogsAsync(id, null, follow: false, cancellationToken: Token);
        using var output = new MemoryStream();
        await stream!.CopyOutputToAsync(null, output, output, Token);
        string[] lines = System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n');
        return string.Join('\n', lines.Select(line => line[(line.IndexOf(' ') + 1)..]));
    }

    public static ContainerSpec Shell(string job, string line) => Spec(job, "/bin/sh", "-c", line);

    public async ValueTask DisposeAsync()
    {
        foreach (string job in _jobs) await Reaper.RemoveAllOfJobAsync(job, CancellationToken.None);
        Images.Dispose();
        _test.Dispose();
    }
}
