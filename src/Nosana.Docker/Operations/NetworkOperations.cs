using Nosana.Docker.Models;
using Nosana.Docker.Transport;

namespace Nosana.Docker.Operations;

internal sealed class NetworkOperations(EngineTransport transport) : INetworkOperations
{
    public Task<IList<NetworkResponse>> ListNetworksAsync(NetworksListParameters? parameters, CancellationToken cancellationToken) =>
        transport.GetJsonAsync<IList<NetworkResponse>>(
            new EngineRequest(HttpMethod.Get, "/networks", new QueryString().AddFilters(parameters?.Filters)), cancellationToken);

    public Task<NetworkResponse> InspectNetworkAsync(string id, CancellationToken cancellationToken) =>
        transport.GetJsonAsync<NetworkResponse>(Request(HttpMethod.Get, id), cancellationToken);

    public Task<NetworksCreateResponse> CreateNetworkAsync(NetworksCreateParameters parameters, CancellationToken cancellationToken) =>
        transport.GetJsonAsync<NetworksCreateResponse>(
            new EngineRequest(HttpMethod.Post, "/networks/create") { Content = RequestBody.Of(parameters) }, cancellationToken);

    public Task DeleteNetworkAsync(string id, CancellationToken cancellationToken) => transport.SendAsync(Request(HttpMethod.Delete, id), cancellationToken);

    public Task ConnectNetworkAsync(string id, NetworkConnectParameters parameters, CancellationToken cancellationToken) =>
        transport.SendAsync(Request(HttpMethod.Post, id, "/connect") with { Content = RequestBody.Of(parameters) }, cancellationToken);

    public Task DisconnectNetworkAsync(string id, NetworkDisconnectParameters parameters, CancellationToken cancellationToken) =>
        transport.SendAsync(Request(HttpMethod.Post, id, "/disconnect") with { Content = RequestBody.Of(parameters) }, cancellationToken);

    private static EngineRequest Request(HttpMethod method, string id, string suffix = "") =>
        new(method, EnginePath.Of("networks", id, suffix)) { Resource = EngineResource.Network };
}
