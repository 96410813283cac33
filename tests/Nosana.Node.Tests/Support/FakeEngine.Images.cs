using System.Net;
using Docker.DotNet.Models;

namespace Nosana.Node.Tests.Support;

internal sealed partial class FakeEngine
{
    public override Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken = default) => Answer($"inspect {name}", () => Shelf.Inspect(name));

    public override Task<IList<ImagesListResponse>> ListImagesAsync(CancellationToken cancellationToken = default) => Answer(Shelf.List, cancellationToken);

    public override async Task PullImageAsync(string reference, AuthConfig? account, IProgress<JSONMessage>? progress, CancellationToken cancellationToken = default)
    {
        PullProgress = progress;
        await Answer($"pull {reference}{(account is null ? "" : $" as {account.Username}")}", () => 0);
        if (SlowPull is { } slow) await slow.Task.WaitAsync(cancellationToken);
        if (MissingImages.Any(missing => reference.Contains(missing, StringComparison.Ordinal)))
            throw Error(HttpStatusCode.NotFound, $"manifest for {reference} not found: manifest unknown: manifest unknown");
        if (PullError(reference) is { } error) throw error;
        Shelf.Put(reference);
    }

    public override Task DeleteImageAsync(string name, ImageDeleteParameters parameters, CancellationToken cancellationToken = default) => Answer($"delete {name}", () =>
    {
        Shelf.Delete(name, id => Present.Any(container => Shelf.IdOf(container.Request.Image) == id));
        return 0;
    });

    private Task<T> Answer<T>(string request, Func<T> answer) => Answer(() =>
    {
        Shelf.Record(request);
        return answer();
    }, CancellationToken.None);
}
