using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Nosana.Deployments.Api.Views;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Exposure;
using Nosana.JobDefinition.Model;

namespace Nosana.Deployments.Api;

/// <summary>
/// Where the ports of a deployment are reached: names that stay through restarts, revisions and rotation. An operation's first port has the name that the
/// network's clients derive; each other one has its own.
/// </summary>
internal sealed class EndpointTable(DeploymentStore store, DeploymentApiOptions options) : IDisposable
{
    private const int MostRemembered = 20_000;

    // A revision never changes, nor does a deployment's vault: what was worked out once stays right.
    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = MostRemembered });

    public async ValueTask<IReadOnlyList<EndpointView>> OfAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        (string, int) key = (deployment.Id, deployment.ActiveRevision);
        if (_known.TryGetValue(key, out IReadOnlyList<EndpointView>? known)) return known!;
        if (await store.FindRevisionAsync(deployment.Id, deployment.ActiveRevision, cancellationToken) is not { } revision) return [];
        IReadOnlyList<EndpointView> found = Of(deployment, revision.Definition);
        using ICacheEntry entry = _known.CreateEntry(key);
        entry.Size = 1;
        entry.Value = found;
        return found;
    }

    public IReadOnlyList<EndpointView> Of(Deployment deployment, string definition)
    {
        LoadedDefinition loaded = DefinitionLoader.Load(Encoding.UTF8.GetBytes(definition));
        if (!loaded.IsValid) return [];
        string hash = ExposeId.DeploymentHash(deployment.Id, deployment.Vault);
        var found = new List<EndpointView>();
        foreach (Operation op in loaded.Definition.Ops)
        {
            int place = 0;
            foreach (ExposedPort port in Endpoints.StaticPorts(op))
            {
                string name = place++ == 0 ? ExposeId.ForDeployment(op.Id, hash) : ExposeId.ForDeployment(op.Id, port.Port, hash);
                found.Add(new EndpointView(op.Id, port.Port, $"https://{name}.{options.EndpointHost}"));
            }
        }
        return found;
    }

    public async Task<IReadOnlyList<EndpointView>> WithHealthAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        IReadOnlyList<EndpointView> endpoints = await OfAsync(deployment, cancellationToken);
        if (endpoints.Count == 0) return endpoints;
        IReadOnlyList<EndpointStatus> statuses = await store.EndpointsAsync(deployment.Id, cancellationToken);
        HashSet<(string, int)> up = [.. statuses.Where(one => one.IsUp).Select(one => (one.OpId, one.Port))];
        return [.. endpoints.Select(endpoint => endpoint with { Online = up.Contains((endpoint.OpId, endpoint.Port)) })];
    }

    public void Dispose() => _known.Dispose();
}
