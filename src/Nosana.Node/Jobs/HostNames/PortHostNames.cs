using System.Text.Json.Nodes;
using Nosana.JobDefinition.Exposure;
using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.HostNames;

/// <summary>Host names of a job's exposed ports. Public ones can be derived by anybody; private ones are drawn once and kept.</summary>
internal sealed class PortHostNames(JobRequest request, string domain)
{
    private readonly Dictionary<(int Op, int Port), string> _private = Remembered(request.Resume);
    private readonly Lock _lock = new();

    public string Domain { get; } = domain;

    /// <summary>The expose id of a port of an operation.</summary>
    public string IdOf(Operation op, int port)
    {
        if (!op.Args.IsPrivate) return ExposeId.ForPort(op.Index, port, request.Job);
        lock (_lock)
        {
            if (!_private.TryGetValue((op.Index, port), out string? id)) _private[(op.Index, port)] = id = ExposeId.ForPrivatePort();
            return id;
        }
    }

    public string ForPort(Operation op, int port) => HostOf(IdOf(op, port));

    /// <summary>The name that users of its deployment are shown for an operation; null outside of one, or when it exposes nothing.</summary>
    public string? ForDeployment(Operation op) => HashFor(op) is { } hash ? HostOf(ExposeId.ForDeployment(op.Id, hash)) : null;

    /// <summary>
    /// The names in its deployment that lead to one port: for the only port of an operation the one that is shown; for one of several a name of its own,
    /// and for the first of them the shown one, too.
    /// </summary>
    /// <param name="op">The operation.</param>
    /// <param name="port">One of its ports.</param>
    /// <param name="all">All of its ports in the definition's order, once placeholders are resolved.</param>
    public IReadOnlyList<string> ForDeployment(Operation op, int port, IReadOnlyList<ExposedPort> all)
    {
        if (HashFor(op) is not { } hash) return [];
        string shown = HostOf(ExposeId.ForDeployment(op.Id, hash));
        if (all.Count == 1) return [shown];
        string own = HostOf(ExposeId.ForDeployment(op.Id, port, hash));
        return all[0].Port == port ? [own, shown] : [own];
    }

    public string HostOf(string exposeId) => $"{exposeId}.{Domain}";

    private string? HashFor(Operation op) =>
        request.Definition.DeploymentId is { Length: > 0 } deployment && op.Type == OperationType.ContainerRun && op.Args.HasExpose
            ? ExposeId.DeploymentHash(deployment, request.Project)
            : null;

    // The journaled endpoints of a resumed job name its private ids: whoever was given one finds the service again.
    private static Dictionary<(int, int), string> Remembered(FlowState? resume)
    {
        var ids = new Dictionary<(int, int), string>();
        foreach ((string _, JsonNode? job) in resume?.Secrets ?? [])
        {
            if (job is not JsonObject endpoints) continue;
            foreach ((string id, JsonNode? endpoint) in endpoints)
            {
                if (endpoint?["opID"]?.GetValue<string>() is not { } opId || endpoint["port"]?.GetValue<int>() is not { } port) continue;
                int index = resume!.OpStates.FindIndex(op => op.OperationId == opId);
                if (index >= 0) ids[(index, port)] = id;
            }
        }
        return ids;
    }
}

/// <summary>Where the world reaches exposed ports.</summary>
/// <param name="Domain">What follows the expose id in a host name.</param>
/// <param name="Scheme"><c>https</c> behind the network's ingress, <c>http</c> on a local one.</param>
/// <param name="PublicPort">Port of the ingress, null when it is the scheme's own; asked when needed, since a listener may choose it at its start.</param>
internal sealed record ExposureSettings(string Domain, string Scheme, Func<int?> PublicPort)
{
    public string UrlOf(string hostName) => PublicPort() is { } port ? $"{Scheme}://{hostName}:{port}" : $"{Scheme}://{hostName}";
}
