using Nosana.Docker.Models;
using Nosana.Docker.Transport;

namespace Nosana.Docker.Operations;

internal sealed class VolumeOperations(EngineTransport transport) : IVolumeOperations
{
    public Task<VolumesListResponse> ListAsync(VolumesListParameters? parameters, CancellationToken cancellationToken) =>
        transport.GetJsonAsync<VolumesListResponse>(
            new EngineRequest(HttpMethod.Get, "/volumes", new QueryString().AddFilters(parameters?.Filters)), cancellationToken);

    public Task<VolumeResponse> CreateAsync(VolumesCreateParameters parameters, CancellationToken cancellationToken) =>
        transport.GetJsonAsync<VolumeResponse>(new EngineRequest(HttpMethod.Post, "/volumes/create") { Content = RequestBody.Of(parameters) }, cancellationToken);

    public Task<VolumeResponse> InspectAsync(string name, CancellationToken cancellationToken) =>
        transport.GetJsonAsync<VolumeResponse>(Request(HttpMethod.Get, name), cancellationToken);

    public Task RemoveAsync(string name, bool? force, CancellationToken cancellationToken) =>
        transport.SendAsync(Request(HttpMethod.Delete, name) with { Query = new QueryString().Add("force", force ?? false) }, cancellationToken);

    private static EngineRequest Request(HttpMethod method, string name) =>
        new(method, EnginePath.Of("volumes", name)) { Resource = EngineResource.Volume };
}
