using System.Text.Json;
using System.Text;
using Nosana.Docker.Json;
using Nosana.Docker.Models;
using Nosana.Docker.Transport;

namespace Nosana.Docker.Operations;

internal sealed class ImageOperations(EngineTransport transport) : IImageOperations
{
    public Task<IList<ImagesListResponse>> ListImagesAsync(ImagesListParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        QueryString query = new QueryString().Add("all", parameters.All).Add("digests", parameters.Digests).AddFilters(parameters.Filters);
        return transport.GetJsonAsync<IList<ImagesListResponse>>(new EngineRequest(HttpMethod.Get, "/images/json", query), cancellationToken);
    }

    public Task CreateImageAsync(ImagesCreateParameters parameters, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken) =>
        FollowAsync(CreateRequest(parameters, authConfig), progress, cancellationToken);

    public Task CreateImageAsync(
        ImagesCreateParameters parameters, Stream imageStream, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken) =>
        FollowAsync(CreateRequest(parameters, authConfig) with { Content = RequestBody.Tar(imageStream) }, progress, cancellationToken);

    public Task PushImageAsync(string name, ImagePushParameters parameters, AuthConfig? authConfig, IProgress<JSONMessage>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        // Engines refuse a push without the header, also where no credentials are needed.
        EngineRequest request = Request(HttpMethod.Post, name, "/push", new QueryString().Add("tag", parameters.Tag)) with
        {
            RegistryAuth = Encode(authConfig ?? new AuthConfig()),
        };
        return FollowAsync(request, progress, cancellationToken);
    }

    public Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken) =>
        transport.GetJsonAsync<ImageInspectResponse>(Request(HttpMethod.Get, name, "/json"), cancellationToken);

    public Task TagImageAsync(string name, ImageTagParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        QueryString query = new QueryString().Add("repo", parameters.RepositoryName).Add("tag", parameters.Tag);
        return transport.SendAsync(Request(HttpMethod.Post, name, "/tag", query), cancellationToken);
    }

    public Task<IList<ImageDeleteResponse>> DeleteImageAsync(string name, ImageDeleteParameters? parameters, CancellationToken cancellationToken)
    {
        QueryString query = new QueryString().Add("force", parameters?.Force ?? false).Add("noprune", parameters?.NoPrune ?? false);
        // No time limit: a model image is a hundred gigabytes of files to delete.
        return transport.AwaitJsonAsync<IList<ImageDeleteResponse>>(Request(HttpMethod.Delete, name, "", query), cancellationToken);
    }

    private static EngineRequest CreateRequest(ImagesCreateParameters parameters, AuthConfig? authConfig)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        QueryString query = new QueryString()
            .Add("fromImage", parameters.FromImage).Add("fromSrc", parameters.FromSrc).Add("repo", parameters.Repo)
            .Add("tag", parameters.Tag ?? TagOf(parameters.FromImage)).Add("message", parameters.Message).Add("platform", parameters.Platform);
        foreach (string change in parameters.Changes ?? []) query.Add("changes", change);
        return new EngineRequest(HttpMethod.Post, "/images/create", query) { RegistryAuth = authConfig is null ? null : Encode(authConfig) };
    }

    /// <summary>The tag to name because the reference names none: without one, an engine pulls every tag there is.</summary>
    private static string? TagOf(string? reference) =>
        reference is null || reference.Contains('@') || reference.LastIndexOf(':') > reference.LastIndexOf('/') ? null : "latest";

    private static EngineRequest Request(HttpMethod method, string name, string suffix, QueryString? query = null) =>
        new(method, EnginePath.OfImage(name, suffix), query) { Resource = EngineResource.Image };

    /// <summary>Base64 in the URL's alphabet, with padding, as Go's <c>base64.URLEncoding</c> wants it.</summary>
    private static string Encode(AuthConfig authConfig)
    {
        string json = JsonSerializer.Serialize(authConfig, DockerJson.Of<AuthConfig>());
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).Replace('+', '-').Replace('/', '_');
    }

    private async Task FollowAsync(EngineRequest request, IProgress<JSONMessage>? progress, CancellationToken cancellationToken)
    {
        await using Stream stream = await ResponseStream.OpenAsync(transport, request, cancellationToken);
        await foreach (JSONMessage message in JsonMessages.ReadAsync<JSONMessage>(stream, request.ToString(), cancellationToken))
        {
            progress?.Report(message);
            if (message.Error is not null || message.ErrorMessage is not null)
                throw EngineErrors.FromStream(request, message.Error?.Code ?? 0, message.Error?.Message is { Length: > 0 } text ? text : message.ErrorMessage ?? "no message");
        }
    }
}
