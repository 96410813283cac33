using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;

namespace Nosana.Node.Engine.Registry;

/// <summary>
/// One image's repository at one registry, in the protocol of the OCI distribution specification. It authenticates when it is asked to, as
/// registries of Docker do (distribution's token specification), and anew when a token has expired.
/// </summary>
internal sealed class RegistrySession(RegistryHttp http, ImageReference image, RegistryPlace place)
{
    private const int MaxAnswer = 64 * 1024, MaxToken = 16 * 1024;
    private const string ClientId = "nosana-node";

    private volatile AuthenticationHeaderValue? _authorization;
    private string? _scheme = place.Schemes.Count == 1 ? place.Schemes[0] : null;

    public ImageReference Image => image;

    public string Host => place.Host;

    public RegistryHttp Http => http;

    /// <summary>The whole of a document.</summary>
    /// <param name="path">Below the repository: <c>manifests/…</c> or <c>blobs/…</c>.</param>
    /// <param name="accept">Media types.</param>
    /// <param name="most">Bytes; more is refused.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">See <see cref="EngineFault"/>.</exception>
    public async Task<(byte[] Content, string? MediaType)> ReadAsync(string path, IReadOnlyList<string> accept, int most, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await OpenAsync(path, accept, 0, cancellationToken);
        byte[] content = await http.ReadAsync(Request(path), response, most, cancellationToken);
        return (content, response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>An answer that is a success; its content is still to be read. Dispose it.</summary>
    /// <exception cref="EngineException">See <see cref="EngineFault"/>.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string path, IReadOnlyList<string> accept, long from, CancellationToken cancellationToken)
    {
        _scheme ??= await SchemeAsync(cancellationToken);
        for (bool isAnew = false; ; isAnew = true)
        {
            AuthenticationHeaderValue? authorization = _authorization;
            HttpResponseMessage response = await http.SendAsync(
                Request(path) with { Authorization = authorization, Accept = accept, From = from }, cancellationToken);
            if (response.IsSuccessStatusCode) return response;
            using (response)
            {
                if (response.StatusCode != HttpStatusCode.Unauthorized || isAnew) throw Fault(response.StatusCode);
                // Another request may have been told the same and been quicker.
                if (authorization == _authorization)
                    _authorization = await AuthenticateAsync(RegistryChallenge.Read(response.Headers.WwwAuthenticate), cancellationToken);
            }
        }
    }

    /// <summary>A registry that may do without TLS is one that the operator named; TLS is tried first, as engines do.</summary>
    private async Task<string> SchemeAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await http.SendAsync(
                new RegistryRequest(image, new Uri($"{place.Schemes[0]}://{place.Host}/v2/"), place.IsNamed), cancellationToken);
            return place.Schemes[0];
        }
        catch (EngineException exception) when (exception.Fault == EngineFault.RegistryUnavailable)
        {
            return place.Schemes[^1];
        }
    }

    private RegistryRequest Request(string path) => new(image, new Uri($"{_scheme}://{place.Host}/v2/{image.Path}/{path}"), place.IsNamed);

    private async Task<AuthenticationHeaderValue> AuthenticateAsync(RegistryChallenge? challenge, CancellationToken cancellationToken)
    {
        if (challenge is null) throw RegistryFault.Denied(image, place.Host);
        AuthenticationHeaderValue? basic = place.Account is { Username.Length: > 0 } account
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Username}:{account.Password}")))
            : null;
        if (challenge.Realm is null) return basic ?? throw RegistryFault.Denied(image, place.Host);
        if (challenge.Realm.Scheme != Uri.UriSchemeHttps && !(place.IsNamed && challenge.Realm.Scheme == Uri.UriSchemeHttp))
            throw RegistryFault.Refused(image, $"{place.Host} gives tokens at an address that is not of https, where none is asked for");
        RegistryRequest request = TokenRequest(challenge.Realm, challenge.Service, basic);
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode) throw Fault(response.StatusCode);
        return new AuthenticationHeaderValue("Bearer", TokenIn(await http.ReadAsync(request, response, MaxAnswer, cancellationToken)));
    }

    // The scope is ours: what a registry would like to have a token for is not its choice.
    private RegistryRequest TokenRequest(Uri realm, string? service, AuthenticationHeaderValue? basic)
    {
        Dictionary<string, string> fields = new() { ["scope"] = $"repository:{image.Path}:pull" };
        if (service is not null) fields["service"] = service;
        if (place.Account?.IdentityToken is { Length: > 0 } token)
        {
            (fields["grant_type"], fields["refresh_token"], fields["client_id"]) = ("refresh_token", token, ClientId);
            return new RegistryRequest(image, realm, place.IsNamed) { Form = fields };
        }
        string query = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
        string before = realm.Query.TrimStart('?');
        Uri url = new UriBuilder(realm) { Query = before.Length == 0 ? query : $"{before}&{query}", Fragment = "" }.Uri;
        return new RegistryRequest(image, url, place.IsNamed) { Authorization = basic };
    }

    private string TokenIn(byte[] answer)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(answer);
            foreach (string name in (string[])["token", "access_token"])
            {
                if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out JsonElement value)
                    && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= MaxToken } token && token.All(IsOfToken))
                    return token;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException) // the latter of a text with half a character
        {
            // No JSON has no token.
        }
        throw RegistryFault.Unavailable(image, place.Host, "sends to a token service whose answer is no token");
    }

    private static bool IsOfToken(char character) => character is > ' ' and <= '~';

    private EngineException Fault(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone => RegistryFault.NotFound(image, place.Host),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => RegistryFault.Denied(image, place.Host),
        HttpStatusCode.TooManyRequests => RegistryFault.Unavailable(image, place.Host, "answers 429: it has been asked too often from this address"),
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => RegistryFault.Unavailable(image, place.Host, $"answers {(int)status}"),
        _ => RegistryFault.Refused(image, $"{place.Host} answers {(int)status}"),
    };
}
