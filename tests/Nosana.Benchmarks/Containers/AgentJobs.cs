using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Nosana.Benchmarks.Engine;
using Nosana.Docker;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
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
using Nosana.Node.Market;

namespace Nosana.Benchmarks.Containers;

/// <summary>Jobs of two operations, run by the agent's own parts with a journal on disk; nothing is stood in for but the market.</summary>
internal sealed class AgentJobs : IAsyncDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("nosana-bench-agent-");
    private readonly TimedClient _client;
    private readonly JournalStore _journal;
    private readonly ServiceProvider _services;
    private readonly JobParts _parts;

    public AgentJobs(BenchEngine engine)
    {
        _client = new TimedClient(engine.Client);
        _journal = JournalStore.Open(Path.Combine(_state.FullName, "journal.db"), TimeProvider.System);
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IDockerClient>(_client)
            .AddSingleton(_journal)
            .AddSingleton<IPullDisplay, NoDisplay>()
            .AddSingleton(new ExposureSettings("localhost", Uri.UriSchemeHttp, () => null))
            .AddEngine(new EngineAddress(engine.Client.Configuration.EndpointBaseUri),
                new RegistryAccountOptions { ConfigFile = "/nonexistent/config.json", HelperDirectories = [] })
            .AddResources(new ResourceOptions { StagingDirectory = _state.FullName, Labels = new Dictionary<string, string>() })
            .AddExposure(new IPEndPoint(IPAddress.Loopback, 0), "localhost")
            .AddJobs(Path.Combine(_state.FullName, "logs"))
            .BuildServiceProvider();
        _parts = _services.GetRequiredService<JobParts>();
    }

    /// <summary>Runs one job; its second operation finds the job's network made.</summary>
    public async Task<IReadOnlyList<StartedContainer>> RunAsync(string command)
    {
        string id = $"bench-{Guid.NewGuid():N}"[..20];
        JobContext job = Begin(id, command);
        var containers = new List<StartedContainer>();
        try
        {
            foreach (Operation operation in job.Request.Definition.Ops)
            {
                using var op = new OpContext(job, operation, _parts.LogStore.OpenOrCreate(id, operation.Id), adopted: null);
                containers.Add(await RunAsync(op));
            }
        }
        finally
        {
            await _parts.Reaper.RemoveAllOfJobAsync(id);
            _parts.LogStore.Delete(id);
        }
        return containers;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _journal.Dispose();
        _state.Delete(recursive: true);
    }

    private async Task<StartedContainer> RunAsync(OpContext op)
    {
        var marks = new OpMarks(_client.Clock);
        IReadOnlyList<IOpHook> hooks = OpHooks.InOrder(_parts);
        int afterImage = hooks.TakeWhile(hook => hook is not PullImage).Count() + 1;
        var runner = new OpRunner(new ContainerDriver(_parts.Containers, _parts.Profile), [.. hooks.Take(afterImage), marks, .. hooks.Skip(afterImage)], _parts.Time, _parts.Logs.CreateLogger<OpRunner>());
        await runner.RunAsync(op, CancellationToken.None);
        OpState state = op.Job.Flow.Read(flow => flow.OpStates[op.Index]);
        if (state.Status != FlowStatus.Success) throw new InvalidOperationException($"An operation of the benchmark failed: {string.Join("; ", state.Errors.Select(error => error.Message))}");
        DateTimeOffset finished = DateTimeOffset.Parse(state.Diagnostics.State!["FinishedAt"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        DateTimeOffset answered = _client.Clock.LastAnswer(nameof(IContainerOperations.WaitContainerAsync));
        return new StartedContainer(marks.Start, marks.EngineStart, marks.NoticedExit - finished, answered - finished);
    }

    private JobContext Begin(string id, string command)
    {
        string ops = string.Join(',', ((string[])["first", "second"]).Select(op => $$"""{"type":"container/run","id":"{{op}}","args":{"image":"{{BenchEngine.Image}}","cmd":"{{command}}"} }"""));
        byte[] definition = Encoding.UTF8.GetBytes($$"""{"version":"0.1","type":"container","ops":[{{ops}}]}""");
        ReadDefinition read = DefinitionFetcher.Read(definition);
        var request = new JobRequest { Job = id, Run = id, Project = id, Host = id, Definition = read.Definition!, Plan = read.Plan!, Slot = new JobSlot("bench", []) };
        var state = new FlowState { OpStates = [.. request.Definition.Ops.Select(op => new OpState { OperationId = op.Id, Group = op.GroupName })] };
        var record = new RunRecord { Run = id, Job = id, Market = "bench", Phase = RunPhase.Running, Definition = definition };
        return new JobContext(request, new FlowRecord(state, flow => _journal.Save(record with { FlowState = flow })), new ExposedNames(request, "localhost"));
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
