using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Exposure;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>
/// The operation's exposed ports are reached by their host names while its container runs, and their probes say when it is ready.
/// An operation without probes is ready when it runs.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "StopAsync, which always runs, disposes it.")]
internal sealed partial class ExposePorts(ContainerRuntime containers, ExposureTable table, ExposureSettings settings, PortProber prober, TimeProvider time,
    ILogger<ExposePorts> logger)
    : IOpPoststart, IOpExited, IOpStop
{
    private readonly CancellationTokenSource _ended = new();
    private readonly List<string> _names = [];
    private readonly Lock _lock = new();
    private CancellationTokenRegistration _onStop;
    private readonly List<Task> _probes = [];

    public async Task PoststartAsync(OpContext op, CancellationToken cancel)
    {
        IReadOnlyList<ExposedPort> ports = op.Args.Expose;
        if (ports.Count == 0)
        {
            op.MarkReady();
            return;
        }
        ContainerSnapshot container = await containers.InspectAsync(op.ContainerId!, cancellationToken: cancel);
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
        var watched = new List<HealthProbe>();
        foreach (ExposedPort port in ports)
        {
            var target = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{address}:{port.Port}"));
            string id = op.Job.Names.IdOf(op.Operation, port.Port);
            Open(op, op.Job.Names.HostOf(id), target);
            if (op.Job.Names.ForDeployment(op.Operation) is { } deployment) Open(op, deployment, target);
            if (port.HealthChecks.Count == 0) continue;
            string url = settings.UrlOf(op.Job.Names.HostOf(id));
            var probe = new HealthProbe(target, port.HealthChecks, prober, time, (status, detail) => OnStatus(op, id, status, detail),
                (waited, detail) => LogUnready(port.Port, url, (long)waited.TotalSeconds, detail));
            watched.Add(probe);
            _probes.Add(probe.RunAsync(_ended.Token));
        }
        if (watched.Count == 0) op.MarkReady();
        else
            _ = Task.WhenAll(watched.Select(probe => probe.Ready)).ContinueWith(
                _ => op.MarkReady(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
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
        await _ended.CancelAsync();
        await Task.WhenAll(_probes);
        _ended.Dispose();
    }

    private void Open(OpContext op, string hostName, Uri target)
    {
        lock (_lock)
        {
            if (op.Stopping.IsCancellationRequested) return;
            table.Add(hostName, target, op.Job.Request.Job);
            _names.Add(hostName);
        }
        LogExposed(target.Port, settings.UrlOf(hostName));
    }

    private void Close(OpContext op)
    {
        lock (_lock)
        {
            foreach (string name in _names) table.Remove(name, op.Job.Request.Job);
            _names.Clear();
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

    private void OnStatus(OpContext op, string id, EndpointStatus status, string detail)
    {
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

    [LoggerMessage(332, LogLevel.Warning, "Port {Port} ({Url}) has not passed its health checks in {Seconds} s; the last answer: {Detail}")]
    private partial void LogUnready(int port, string url, long seconds, string detail);
}
