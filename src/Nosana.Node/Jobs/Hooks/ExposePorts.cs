using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Exposure;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>
/// The operation's exposed ports are reached by their host names while its container runs, wherever the engine has put it, and their probes say when it
/// is ready. An operation without probes is ready when it runs.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "StopAsync, which always runs, disposes it.")]
internal sealed partial class ExposePorts(
    ContainerRuntime containers, HardeningProfile profile, ExposureTable table, ExposureSettings settings, PortProber prober, TimeProvider time,
    ILogger<ExposePorts> logger)
    : IOpPoststart, IOpExited, IOpStop
{
    /// <summary>Between two looks where the container is; a client that finds nobody there brings the next one forward.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>However many clients find nobody, the engine is asked no sooner.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ended = new();
    private readonly List<string> _names = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<int, ProbedPort> _targets = [];
    private readonly Channel<bool> _looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private CancellationTokenRegistration _onStop;
    private PortHealth? _health;
    private ITimer? _tick;
    private Task _following = Task.CompletedTask;
    private string? _address;

    /// <summary>The host names that lead to one port of an operation: its own, and those in its deployment.</summary>
    public static IReadOnlyList<string> NamesOf(OpContext op, int port)
    {
        PortHostNames names = op.Job.Names;
        return [names.ForPort(op.Operation, port), .. names.ForDeployment(op.Operation, port, op.Args.Expose)];
    }

    public async Task PoststartAsync(OpContext op, CancellationToken cancel)
    {
        IReadOnlyList<ExposedPort> ports = op.Args.Expose;
        if (ports.Count == 0)
        {
            op.MarkReady();
            return;
        }
        ContainerSnapshot container = await containers.InspectAsync(op.ContainerId!, op.Job.NetworkName, cancel);
        if (container.IPAddress is not { } address)
        {
            op.MarkReady(); // it has ended already; its exit says why
            return;
        }
        // A job that is being stopped is over for the world, however long its container takes to end.
        _onStop = op.Stopping.Register(() => Close(op));
        // Before the first probe, which tells of its endpoint.
        op.Job.Flow.AddEndpoints(
            op.Job.Request.Job, ports.Select(port => (Id: op.Job.Names.IdOf(op.Operation, port.Port), Port: port)).DistinctBy(port => port.Id)
                .ToDictionary(port => port.Id, port => EndpointOf(op, port.Id, port.Port)), op.Operation.Args.IsPrivate);
        Lead(op, address);
        foreach (ExposedPort port in ports) LogExposed(port.Port, settings.UrlOf(op.Job.Names.ForPort(op.Operation, port.Port)));
        _following = FollowAsync(op);
        _tick = time.CreateTimer(_ => _looks.Writer.TryWrite(true), null, LookInterval, LookInterval);
        ExposedPort[] probed = [.. ports.Where(port => port.HealthChecks.Count > 0)];
        if (probed.Length == 0)
        {
            op.MarkReady();
            return;
        }
        _health = new PortHealth(
            op, [.. probed.Select(port => (port, _targets[port.Port]))], new PortHealth.Means(prober, time, logger, RestartAsync),
            (port, status, detail) => OnStatus(op, port, status, detail));
        _health.Watch();

        async Task RestartAsync()
        {
            await containers.RestartAsync(op.ContainerId!, profile.StopGrace);
            await LookAsync(op);
        }
    }

    public Task ExitedAsync(OpContext op)
    {
        Close(op);
        if (op.Args.Expose.Count > 0) op.Job.Flow.Show(flow => TakeOffline(flow, op));
        return Task.CompletedTask;
    }

    public async ValueTask StopAsync(OpContext op)
    {
        await _onStop.DisposeAsync();
        Close(op);
        if (_tick is not null) await _tick.DisposeAsync();
        await _ended.CancelAsync();
        _looks.Writer.TryComplete();
        await _following;
        if (_health is not null) await _health.StopAsync();
        _ended.Dispose();
    }

    private Uri UrlOf(OpContext op, int port) => new(settings.UrlOf(op.Job.Names.ForPort(op.Operation, port)));

    /// <summary>From now on all names lead to the address.</summary>
    private void Lead(OpContext op, string address)
    {
        lock (_lock)
        {
            if (op.Stopping.IsCancellationRequested || op.Exited.IsCompleted || _address == address) return;
            if (_address is { } before) LogMoved(before, address);
            _address = address;
            foreach (ExposedPort port in op.Args.Expose)
            {
                var target = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{address}:{port.Port}"));
                if (_targets.TryGetValue(port.Port, out ProbedPort? there)) there.Address = target;
                else _targets[port.Port] = new ProbedPort(target, UrlOf(op, port.Port));
                foreach (string name in NamesOf(op, port.Port))
                {
                    table.Add(name, target, op.Job.Request.Job, () => _looks.Writer.TryWrite(false));
                    _names.Add(name);
                }
            }
        }
    }

    private void Close(OpContext op)
    {
        lock (_lock)
        {
            foreach (string name in _names) table.Remove(name, op.Job.Request.Job);
            _names.Clear();
        }
    }

    /// <summary>An engine that was restarted, or a container that was, may have another address than before.</summary>
    private async Task FollowAsync(OpContext op)
    {
        long looked = 0;
        await foreach (bool isTick in _looks.Reader.ReadAllAsync())
        {
            if (!isTick && time.GetElapsedTime(looked) < s_shortest) continue;
            looked = time.GetTimestamp();
            await LookAsync(op);
        }
    }

    private async Task LookAsync(OpContext op)
    {
        try
        {
            ContainerSnapshot container = await containers.InspectAsync(op.ContainerId!, op.Job.NetworkName, _ended.Token);
            if (container.IPAddress is not { } address) return; // between two runs
            Lead(op, address);
            if (op.Job.AsksForAddresses) op.Job.NoteAddress(op.Index, address);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The operation has ended.
        }
        catch (EngineException e)
        {
            LogUnknown(e.Message); // away, or the container has ended: the next look, or its exit, tells
        }
    }

    /// <summary>The endpoint in the flow's <c>secrets</c>, in the official shape.</summary>
    private JsonObject EndpointOf(OpContext op, string id, ExposedPort port) => new()
    {
        ["opID"] = op.Operation.Id,
        ["port"] = port.Port,
        ["url"] = settings.UrlOf(op.Job.Names.HostOf(id)),
        ["status"] = port.HealthChecks.Count > 0 ? "OFFLINE" : "UNKNOWN",
    };

    private static void TakeOffline(FlowState flow, OpContext op)
    {
        foreach ((string _, JsonNode? endpoint) in flow.Secrets[op.Job.Request.Job] as JsonObject ?? [])
            if (endpoint is JsonObject own && own["opID"]?.GetValue<string>() == op.Operation.Id) own["status"] = "OFFLINE";
    }

    private void OnStatus(OpContext op, ExposedPort port, EndpointStatus status, string detail)
    {
        string id = op.Job.Names.IdOf(op.Operation, port.Port);
        string word = status.ToString().ToUpperInvariant();
        LogStatus(op.Job.Names.HostOf(id), word, detail);
        op.Job.Flow.Show(flow =>
        {
            if (flow.Secrets[op.Job.Request.Job]?[id] is JsonObject endpoint) endpoint["status"] = word;
        });
    }

    [LoggerMessage(330, LogLevel.Information, "Port {Port} is reached at {Url}")]
    private partial void LogExposed(int port, string url);

    [LoggerMessage(331, LogLevel.Information, "{Name} is {Status}: {Detail}")]
    private partial void LogStatus(string name, string status, string detail);

    [LoggerMessage(333, LogLevel.Information, "The container has moved from {Before} to {Address}; its names lead there now")]
    private partial void LogMoved(string before, string address);

    [LoggerMessage(334, LogLevel.Debug, "Where the container is cannot be asked at the moment: {Problem}")]
    private partial void LogUnknown(string problem);
}
