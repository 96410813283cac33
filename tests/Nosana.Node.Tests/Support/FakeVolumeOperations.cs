using Nosana.Docker;
using Docker.DotNet.Models;

namespace Nosana.Node.Tests.Support;

internal sealed class FakeVolumeOperations(FakeEngine engine) : IVolumeOperations
{
    public Task<VolumesListResponse> ListAsync(VolumesListParameters? parameters = null, CancellationToken cancellationToken = default) => Answer(() => new VolumesListResponse
    {
        Volumes = [.. engine.VolumesByName.Where(volume => FakeEngine.Passes(volume.Value, parameters?.Filters)).Select(volume => new VolumeResponse { Name = volume.Key, Labels = volume.Value })],
    });

    public Task<VolumeResponse> CreateAsync(VolumesCreateParameters parameters, CancellationToken cancellationToken = default) => Answer(() =>
    {
        engine.VolumesByName.TryAdd(parameters.Name!, parameters.Labels!);
        return new VolumeResponse { Name = parameters.Name!, Labels = engine.VolumesByName[parameters.Name!] };
    });

    public Task<VolumeResponse> InspectAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task RemoveAsync(string name, bool? force = null, CancellationToken cancellationToken = default) => Answer(() => engine.VolumesByName.Remove(name));

    private async Task<T> Answer<T>(Func<T> answer)
    {
        await Task.Yield();
        engine.RequireUp();
        lock (engine.VolumesByName) return answer();
    }
}
