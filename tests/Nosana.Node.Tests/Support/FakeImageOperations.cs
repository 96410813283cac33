using System.Net;
using Nosana.Docker;
using Docker.DotNet.Models;

namespace Nosana.Node.Tests.Support;

internal sealed class FakeImageOperations(FakeEngine engine) : IImageOperations
{
    public Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken = default) => Answer($"inspect {name}", () => engine.Shelf.Inspect(name));

    public Task<IList<ImagesListResponse>> ListImagesAsync(ImagesListParameters parameters, CancellationToken cancellationToken = default) => Answer(null, engine.Shelf.List);

    public async Task CreateImageAsync(ImagesCreateParameters parameters, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default)
    {
        string name = parameters.FromImage!;
        engine.PullProgress = progress;
        await Answer($"pull {name}{(authConfig is null ? "" : $" as {authConfig.Username}")}", () => 0);
        if (engine.SlowPull is { } slow) await slow.Task.WaitAsync(cancellationToken);
        if (engine.MissingImages.Any(missing => name.Contains(missing, StringComparison.Ordinal)))
            throw FakeEngine.Error(HttpStatusCode.NotFound, $"manifest for {name} not found: manifest unknown: manifest unknown");
        if (engine.PullError(name) is { } error) throw error;
        engine.Shelf.Put(name);
    }

    public Task<IList<ImageDeleteResponse>> DeleteImageAsync(string name, ImageDeleteParameters? parameters = null, CancellationToken cancellationToken = default) => Answer<IList<ImageDeleteResponse>>($"delete {name}", () =>
    {
        engine.Shelf.Delete(name, id => engine.Present.Any(container => engine.Shelf.IdOf(container.Request.Image!) == id));
        return [];
    });

    public Task CreateImageAsync(
        ImagesCreateParameters parameters, Stream imageStream, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task PushImageAsync(string name, ImagePushParameters parameters, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task TagImageAsync(string name, ImageTagParameters parameters, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private async Task<T> Answer<T>(string? request, Func<T> answer)
    {
        await Task.Yield();
        engine.RequireUp();
        if (request is not null) engine.Shelf.Record(request);
        return answer();
    }
}
