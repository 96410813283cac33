using System.Diagnostics;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.LocalNet.Front;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Support;

/// <summary>A network, the tests' engine, and a host that serves the network's market: the whole thread, its parts connected only by what connects them in life.</summary>
public sealed class MarketHost : IAsyncLifetime
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly TestEngine _engine;
    private readonly List<NodeProcess> _processes = [];
    private MarketNetwork? _network;

    public MarketHost() : this(new TestEngine())
    {
    }

    /// <param name="engine">Disposed with the host.</param>
    internal MarketHost(TestEngine engine) => _engine = engine;

    internal MarketNetwork Network => _network ?? throw new InvalidOperationException("The network did not start.");

    internal EngineClient Engine => _engine.Client;

    internal Uri EngineAddress => _engine.Endpoint;

    /// <summary>The host that was started last.</summary>
    internal NodeProcess Process => _processes[^1];

    /// <summary>More options of the host.</summary>
    internal IReadOnlyList<string> Options { get; set; } = [];

    /// <summary>Variables of the host's environment.</summary>
    internal IReadOnlyDictionary<string, string>? Environment { get; set; }

    /// <summary>0 takes a free one at each start.</summary>
    internal int ExposePort { get; set; }

    /// <summary>The network's ingress; null is none.</summary>
    internal FrontOptions? Front { get; set; }

    /// <summary>GPUs of the host's machine; null is whatever there is.</summary>
    internal FakeNvidia? Gpus { get; init; }

    /// <summary>Where a service manager listens; null is none.</summary>
    internal string? NotifySocket { get; init; }

    /// <summary>A command that runs the host; null runs it as it is.</summary>
    internal IReadOnlyList<string>? Through { get; init; }

    /// <summary>Options that say which network and engine.</summary>
    internal IReadOnlyList<string> StartArguments =>
        ["start", "--localnet", Network.InfoFile, "--key", Network.HostKey, "--docker", EngineAddress.OriginalString, "--state", Network.StateDirectory, "--expose-port", $"{ExposePort}", "--api-port", "0", "--ssh-port", "0", .. Options];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await PrepareAsync();
        await StartAsync();
    }

    /// <summary>All but the host itself.</summary>
    internal async Task PrepareAsync()
    {
        _network = await MarketNetwork.StartAsync(Front);
        await Engine.PullImageAsync(Definitions.Image, null, null, Token);
    }

    /// <summary>Starts the host and waits for its place in the queue.</summary>
    internal async Task StartAsync()
    {
        StartWithoutWaiting();
        await UntilAsync(() => Network.HostIsQueued, "the host is in the queue");
    }

    internal void StartWithoutWaiting() => _processes.Add(
        NodeProcess.Start(Network.Directory, Gpus, StartArguments, notifySocket: NotifySocket, through: Through, environment: Environment));

    /// <summary>A verb of the poster's.</summary>
    internal async Task<JsonNode> JobAsync(string verb, params IEnumerable<string> arguments)
    {
        string[] key = verb == "get" ? [] : ["--key", Network.PosterKey];
        (int code, string output, string text) = await NodeProcess.RunAsync(Network.Directory, ["job", verb, .. arguments, "--localnet", Network.InfoFile, .. key, "--format", "json"]);
        Assert.True(code == 0, $"job {verb} ended with {code}: {text}");
        return JsonNode.Parse(output)!;
    }

    internal Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    internal Task UntilAsync(Func<bool> condition, string what, TimeSpan within) => UntilAsync(() => Task.FromResult(condition()), what, within);

    /// <summary>Polls until it is true; says what the host said when it does not become true.</summary>
    internal async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        long began = Stopwatch.GetTimestamp();
        TimeSpan limit = within ?? NodeProcess.Deadline;
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > limit) throw new TimeoutException($"Did not happen within {limit.TotalSeconds} s: {what}. The host's output:\n{Process.Text}");
            await Task.Delay(Pause, Token);
        }
    }

    /// <summary>Waits for the job's end and returns its account.</summary>
    internal async Task<JobAccount> SettledAsync(PublicKey job)
    {
        await UntilAsync(() => Network.IsSettled(job), $"job {job} is settled");
        return Network.Find(job)!;
    }

    /// <summary>Waits for the job's end and returns its account and its result.</summary>
    internal async Task<(JobAccount Account, JsonNode Result)> CompletedAsync(PublicKey job)
    {
        JobAccount account = await SettledAsync(job);
        Assert.True(account.State == JobState.Done, $"The state is {account.State}:\n{Process.Text}");
        return (account, Network.ResultOf(job));
    }

    /// <summary>The job's containers, in whatever state.</summary>
    internal async Task<IReadOnlyList<ContainerListResponse>> ContainersAsync(string job) =>
        [.. await Engine.ListContainersAsync(new ContainersListParameters { All = true, Filters = new DockerFilters { { "label", $"{EngineLabels.Job}={job}" } } }, Token)];

    /// <summary>Waits until the job's container runs.</summary>
    internal async Task<string> RunningContainerAsync(string job)
    {
        string? id = null;
        await UntilAsync(async () => (id = (await ContainersAsync(job)).FirstOrDefault(found => found.State == "running")?.ID) is not null, $"a container of job {job} runs");
        return id!;
    }

    /// <summary>
    /// Removes what a host's jobs left on the engine, and the networks and tunnels that the host had kept for others to come: an engine has no more than
    /// some thirty networks.
    /// </summary>
    internal static async Task RemoveJobsAsync(IEngineClient engine, PublicKey host)
    {
        var runtime = new ContainerRuntime(engine, NullLogger<ContainerRuntime>.Instance);
        var reaper = new JobReaper(engine, runtime, new JobNetworks(engine), new JobVolumes(engine));
        foreach (string job in await reaper.FindJobsAsync(host)) await reaper.RemoveAllOfJobAsync(job);
        var ofHost = new DockerFilters { { "label", $"{EngineLabels.Agent}={host}" } };
        foreach (ContainerListResponse tunnel in await engine.ListContainersAsync(new ContainersListParameters { All = true, Filters = ofHost }))
            await engine.RemoveContainerAsync(tunnel.ID, new ContainerRemoveParameters { Force = true, RemoveVolumes = true });
        foreach (NetworkResponse network in await engine.ListNetworksAsync(new NetworksListParameters { Filters = ofHost })) await engine.DeleteNetworkAsync(network.ID);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NodeProcess process in _processes) await process.DisposeAsync();
        if (_network is not null)
        {
            await RemoveJobsAsync(Engine, _network.Host);
            await _network.DisposeAsync();
        }
        _engine.Dispose();
    }
}
