using System.Net;
using Nosana.Docker;
using Docker.DotNet.Models;

namespace Nosana.Node.Tests.Support;

internal sealed class FakeNetworkOperations(FakeEngine engine) : INetworkOperations
{
    public Task<IList<NetworkResponse>> ListNetworksAsync(NetworksListParameters? parameters = null, CancellationToken cancellationToken = default) => Answer<IList<NetworkResponse>>(() =>
        [.. engine.NetworksByName.Where(network => FakeEngine.Passes(network.Value, parameters?.Filters)).Select(network => new NetworkResponse { ID = network.Key, Name = network.Key, Labels = network.Value })]);

    public Task<NetworkResponse> InspectNetworkAsync(string id, CancellationToken cancellationToken = default) => Answer(() =>
        engine.NetworksByName.TryGetValue(id, out IDictionary<string, string>? labels)
            ? new NetworkResponse { ID = id, Name = id, Labels = labels }
            : throw new DockerNetworkNotFoundException(HttpStatusCode.NotFound, $"No such network: {id}"));

    public Task<NetworksCreateResponse> CreateNetworkAsync(NetworksCreateParameters parameters, CancellationToken cancellationToken = default) => Answer(() =>
        engine.NetworksByName.TryAdd(parameters.Name, parameters.Labels!)
            ? new NetworksCreateResponse { ID = parameters.Name }
            : throw FakeEngine.Error(HttpStatusCode.Conflict, $"network with name {parameters.Name} already exists"));

    public Task DeleteNetworkAsync(string id, CancellationToken cancellationToken = default) => Answer(() => engine.NetworksByName.Remove(id));

    public Task ConnectNetworkAsync(string id, NetworkConnectParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task DisconnectNetworkAsync(string id, NetworkDisconnectParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private async Task<T> Answer<T>(Func<T> answer)
    {
        await Task.Yield();
        engine.RequireUp();
        lock (engine.NetworksByName) return answer();
    }
}
