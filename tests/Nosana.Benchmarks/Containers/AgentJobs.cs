using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Nosana.Benchmarks.Engine;
using Nosana.Docker;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Exposure;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.Hooks;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;
using Nosana.Node.Journal;
using Nosana.Node.Logs;

namespace Nosana.Benchmarks.Containers;

/// <summary>Jobs of two operations, run by the agent's own parts with a journal on disk; nothing is stood in for but the market.</summary>
internal sealed class AgentJobs : IAsyncDisposable
{
    private const string Host = "bench-host", Slot = "bench";

    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("nosana-bench-agent-");
    private readonly CallClock _clock = new();
    private readonly JournalStore _journal;
    private readonly ServiceProvider _services;
    private readonly LogStore _logs;

    public AgentJobs(BenchEngine engine)
    {
        _journal = JournalStore.Open(Path.Combine(_state.FullName, "journal.db"), TimeProvider.System);
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimedCalls<IEngineClient>.Over(engine.Client, _clock))
            .AddSingleton(_journal)
            .AddSingleton<IPullDisplay, NoDisplay>()
            .AddSingleton(new ExposureSettings("localhost", Uri.UriSchemeHttp, () => null))
            .AddEngine(new EngineAddress(engine.Client.Endpoint),
                new RegistryAccountOptions { ConfigFile = "/nonexistent/config.json", HelperDirectories = [] })
            .AddResources(new ResourceOptions { StagingDirectory = _state.FullName, Labels = new Dictionary<string, string>() })
            .AddExposure(new IPEndPoint(IPAddress.Loopback, 0), "localhost")
            .AddJobs(Path.Combine(_state.FullName, "logs"))
            .BuildServiceProvider();
        _logs = _services.GetRequiredService<LogStore>();
    }

    /// <summary>Runs one job of two operations, on the network that a host makes while it waits.</summary>
    public async Task<IReadOnlyList<StartedContainer>> RunAsync(string command)
    {
        await _services.GetRequiredService<JobContainers>().PrepareAsync(Host, Slot);
        string id = $"bench-{Guid.NewGuid():N}"[..20];
        JobContext job = Begin(id, command);
        var containers = new List<StartedContainer>();
        try
        {
            foreach (Operation operation in job.Request.Definition.Ops)
            {
                using var op = new OpContext(job, operation, _logs.OpenOrCreate(id, operation.Id), adopted: null);
                containers.Add(await RunAsync(op));
            }
        }
        finally
        {
            await _services.GetRequiredService<JobReaper>().RemoveAllOfJobAsync(id);
            _logs.Delete(id);
        }
        return containers;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<JobContainers>().RemovePreparedAsync(Host, Slot, CancellationToken.None);
        await _services.DisposeAsync();
        _journal.Dispose();
        _state.Delete(recursive: true);
    }

    private async Task<StartedContainer> RunAsync(OpContext op)
    {
        var marks = new OpMarks(_clock);
        IReadOnlyList<IOpHook> hooks = OpHooks.InOrder(_services);
        int afterImage = hooks.TakeWhile(hook => hook is not PullImage).Count() + 1;
        var runner = new OpRunner(
            _services.GetRequiredService<ContainerDriver>(), [.. hooks.Take(afterImage), marks, .. hooks.Skip(afterImage)], TimeProvider.System,
            _services.GetRequiredService<ILogger<OpRunner>>());
        await runner.RunAsync(op, CancellationToken.None);
        OpState state = op.Job.Flow.Read(flow => flow.OpStates[op.Index]);
        if (state.Status != FlowStatus.Success) throw new InvalidOperationException($"An operation of the benchmark failed: {string.Join("; ", state.Errors.Select(error => error.Message))}");
        DateTimeOffset finished = DateTimeOffset.Parse(state.Diagnostics.State!["FinishedAt"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        DateTimeOffset answered = _clock.LastAnswer(nameof(IEngineClient.WaitContainerAsync));
        return new StartedContainer(marks.Start, marks.EngineStart, marks.NoticedExit - finished, answered - finished);
    }

    private JobContext Begin(string id, string command)
    {
        string ops = string.Join(',', ((string[])["first", "second"]).Select(op => $$"""{"type":"container/run","id":"{{op}}","args":{"image":"{{BenchEngine.Image}}","cmd":"{{command}}"} }"""));
        byte[] definition = Encoding.UTF8.GetBytes($$"""{"version":"0.1","type":"container","ops":[{{ops}}]}""");
        LoadedDefinition loaded = DefinitionLoader.Load(definition);
        var request = new JobRequest { Job = id, Run = id, Project = id, Host = Host, Definition = loaded.Definition!, Plan = loaded.Plan!, Slot = new JobSlot(Slot, []) };
        FlowState state = FlowState.Of(request.Definition);
        _journal.Admit(new RunRecord { Run = id, Job = id, Market = "bench", Phase = RunPhase.Running }, definition);
        return new JobContext(request, new FlowRecord(state, parts => _journal.SaveFlow(id, parts)), new PortHostNames(request, "localhost"));
    }

    private sealed class NoDisplay : IPullDisplay, IPullProgress
    {
        public IPullProgress Begin(string image) => this;

        public void Report(PullProgress value)
        {
        }

        public void Dispose()
        {
        }
    }
}
