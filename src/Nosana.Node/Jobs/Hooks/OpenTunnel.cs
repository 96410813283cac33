using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Nosana.JobDefinition.Exposure;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Exposure.Forwarding;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;
using Nosana.Node.Jobs.Tunnels;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>
/// An operation with exposed ports, or of a job with SSH keys, has a tunnel to the network's ingress, from before its image is pulled to its end. A tunnel
/// that does not come up keeps nothing from running: it is tried again as long as the operation lives.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "StopAsync, which always runs, disposes them.")]
internal sealed class OpenTunnel(IEnumerable<ITunnelService> services, TunnelClients? tunnels = null) : IOpPrestart, IOpPoststart, IOpExited, IOpStop
{
    private readonly List<ServedInTunnel> _served = [];
    private readonly CancellationTokenSource _over = new(), _leave = new();
    private Task? _tunnel;

    public string FailureEvent => OpError.Operation;

    public Task PrestartAsync(OpContext op, CancellationToken cancel) => BeginAsync(op);

    public Task PoststartAsync(OpContext op, CancellationToken cancel) => BeginAsync(op);

    public async Task ExitedAsync(OpContext op)
    {
        await _over.CancelAsync();
        if (_tunnel is { } tunnel) await tunnel;
    }

    public async ValueTask StopAsync(OpContext op)
    {
        // An operation without an end goes on without this agent, and so does its tunnel.
        bool goesOn = op.Job.Flow.Read(flow => flow.OpStates[op.Index].EndTime) is null;
        await (goesOn ? _leave : _over).CancelAsync();
        if (_tunnel is { } tunnel) await tunnel;
        foreach (ServedInTunnel served in _served) await served.DisposeAsync();
        _over.Dispose();
        _leave.Dispose();
    }

    private Task BeginAsync(OpContext op)
    {
        bool isWanted = op.Args.Expose.Count > 0 || op.Job.Request.Definition.Ssh is not null;
        if (tunnels is not null && isWanted) _tunnel ??= tunnels.RunAsync(TunnelOf(op, tunnels.Domain), _over.Token, _leave.Token);
        return Task.CompletedTask;
    }

    private Tunnel TunnelOf(OpContext op, string domain)
    {
        JobRequest request = op.Job.Request;
        string? deployment = HashOf(op);
        var environment = new Dictionary<string, string>
        {
            ["NOSANA_ID"] = request.Job,
            ["JOB_ID"] = request.Job,
            ["DEPLOYMENT_ID"] = request.Definition.DeploymentId ?? "",
        };
        if (deployment is not null) environment["FRP_LB_GROUP_KEY"] = deployment;
        return new Tunnel
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"frpc-{request.Job}-{op.Index}"),
            Command = ["/entrypoint.sh"],
            Environment = environment,
            Labels = op.Job.Labels(),
            Agent = request.Host,
            Proxies = ingress =>
            [
                .. op.Args.Expose.DistinctBy(port => port.Port).SelectMany(port => ProxiesOf(op, port, ingress, domain)),
                .. ServedAt(op, ingress.Address).Select(served => served.Proxy),
            ],
        };
    }

    private List<ServedInTunnel> ServedAt(OpContext op, IPAddress at)
    {
        if (_served.Count == 0) _served.AddRange(services.Select(service => service.Open(op.Job.Request.Job, op.Index, at)).OfType<ServedInTunnel>());
        return _served;
    }

    /// <summary>A port's own name and its name in the deployment; one of several ports may have a second name there, which needs an item of its own.</summary>
    private static IEnumerable<FrpProxy> ProxiesOf(OpContext op, ExposedPort port, IPEndPoint ingress, string domain)
    {
        string id = op.Job.Names.IdOf(op.Operation, port.Port);
        IReadOnlyList<string> shared = op.Job.Names.ForDeployment(op.Operation, port.Port, op.Args.Expose);
        for (int i = 0; i < Math.Max(1, shared.Count); i++)
        {
            string? name = shared.ElementAtOrDefault(i);
            string own = i == 0 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}-{i}");
            yield return new FrpProxy
            {
                Name = $"{own}-{op.Operation.Id}",
                LocalIp = ingress.Address.ToString(),
                LocalPorts = ingress.Port.ToString(CultureInfo.InvariantCulture),
                OpId = op.Operation.Id,
                CustomDomain = $"{own}.{domain}",
                DeploymentDomain = name,
                DeploymentHealthCheckPath = name is null ? null : HealthPathOf(port, id),
                DeploymentLoadBalancerGroup = name is null ? null : string.Create(CultureInfo.InvariantCulture, $"{name.Split('.')[0]}-{port.Port}"),
            };
        }
    }

    /// <summary>Of the first check that the ingress's own kind can stand for. It is asked without a host name, so by path.</summary>
    private static string? HealthPathOf(ExposedPort port, string id) =>
        port.HealthChecks.OfType<HttpHealthCheck>().FirstOrDefault(check => check.Method == "GET" && check.ExpectedStatus == 200) is { } check
            ? $"{RequestTarget.LocalPrefix}{id}{(check.Path.StartsWith('/') ? "" : "/")}{check.Path}"
            : null;

    private static string? HashOf(OpContext op) =>
        op.Job.Request.Definition.DeploymentId is { Length: > 0 } deployment ? ExposeId.DeploymentHash(deployment, op.Job.Request.Project) : null;
}
