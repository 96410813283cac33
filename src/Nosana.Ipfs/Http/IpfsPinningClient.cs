using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Nosana.Ipfs.UnixFs;

namespace Nosana.Ipfs.Http;

/// <summary>Publishes documents through a pinning service that speaks Pinata's HTTP API.</summary>
/// <param name="http">Its own timeout should be infinite; the limits here are the options'.</param>
/// <param name="options">Address and credential.</param>
/// <param name="time">The clock of timeouts and pauses; the system's when null.</param>
public sealed class IpfsPinningClient(HttpClient http, IpfsPinningOptions options, TimeProvider? time = null)
{
    private const string PinPath = "pinning/pinFileToIPFS", CredentialPath = "data/testAuthentication";

    /// <summary>Most bytes of an answer that are read; an identifier has some hundred.</summary>
    private const int MaxAnswerBytes = 64 * 1024;

    /// <summary>Longest part of a service's error text that a message of ours repeats.</summary>
    private const int MaxErrorText = 300;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly string _site = SiteName.Of(options.Api);

    /// <summary>
    /// Pins the document as a file: as JSON, services write it anew, and it has another identifier then. A connection that breaks is tried again; whether
    /// to retry after any other failure is the caller's to say.
    /// </summary>
    /// <param name="json">One JSON document, UTF-8.</param>
    /// <exception cref="IpfsRejectedException">Status 4xx: the credential, the size or the document.</exception>
    /// <exception cref="IpfsUnavailableException">No answer, status 429 or 5xx, or an answer without an identifier.</exception>
    public async Task<PinResult> PinAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken = default)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await SendAsync(json, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                if (attempt >= options.TransportRetries)
                {
                    throw new IpfsUnavailableException(
                        $"The pinning service at {_site} could not be reached in {attempt + 1} attempts: {exception.GetBaseException().Message}. " +
                        "Check the address and the network; nothing was published.", exception);
                }
            }
            await Task.Delay(options.RetryDelay * (1 << attempt), _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<PinResult> SendAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.StallTimeout, _time);
        using var request = Request(HttpMethod.Post, PinPath);
        request.Content = new DocumentContent(json, () => limit.CancelAfter(options.StallTimeout));
        string body = await SendAsync(request, limit, "It may have stored the document; sending it again is harmless.", cancellationToken)
            .ConfigureAwait(false);
        return new PinResult(ReadCid(body), UnixFsNode.CidOf(json.Span));
    }

    /// <summary>Asks whether the service takes the credential.</summary>
    /// <exception cref="IpfsRejectedException">It does not.</exception>
    /// <exception cref="IpfsUnavailableException">It does not say.</exception>
    public async Task CheckCredentialAsync(CancellationToken cancellationToken = default)
    {
        using var limit = new CancellationTokenSource(options.StallTimeout, _time);
        using HttpRequestMessage request = Request(HttpMethod.Get, CredentialPath);
        try
        {
            await SendAsync(request, limit, "Try again later.", cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new IpfsUnavailableException($"The pinning service at {_site} could not be reached: {exception.GetBaseException().Message}.", exception);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(options.Api.AbsoluteUri.TrimEnd('/') + "/" + path));
        if (options.Credential is { Length: > 0 } credential) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        return request;
    }

    private async Task<string> SendAsync(HttpRequestMessage request, CancellationTokenSource limit, string advice, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token).ConfigureAwait(false);
            string body = await ReadAnswerAsync(response, linked.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? body : throw Refusal(response, body);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IpfsUnavailableException(
                $"The pinning service at {_site} stood still for {options.StallTimeout.TotalSeconds:0.#} s. {advice}", exception);
        }
    }

    /// <summary>The answer, or as much of it as anything of ours is interested in.</summary>
    private static async Task<string> ReadAnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxAnswerBytes];
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        int read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }

    private IpfsException Refusal(HttpResponseMessage response, string body)
    {
        string said = $"The pinning service at {_site} answered status {(int)response.StatusCode}: {Shorten(body)}";
        if (IpfsGatewayClient.IsWorthRetrying(response.StatusCode)) return new IpfsUnavailableException($"{said}. Try again later.");
        string advice = (int)response.StatusCode is 401 or 403
            ? options.Credential is null
                ? "No credential is configured; set the pinning credential."
                : "Check the configured pinning credential and its rights."
            : "Check the service's address and the document.";
        return new IpfsRejectedException($"{said}. {advice}", response.StatusCode);
    }

    private Cid ReadCid(string body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, PinningJson.Default.PinResponse)?.IpfsHash is { } text)
            {
                return Cid.TryParse(text, out Cid cid)
                    ? cid
                    : throw new IpfsUnavailableException(
                        $"The pinning service at {_site} answered the identifier '{Shorten(text)}', which is not a CID of version 0; " +
                        "only those fit a job account. Configure the service for CID version 0.");
            }
        }
        catch (JsonException exception)
        {
            throw new IpfsUnavailableException($"The pinning service at {_site} answered no JSON: {Shorten(body)}. Check the address.", exception);
        }
        throw new IpfsUnavailableException($"The pinning service at {_site} answered without an IpfsHash: {Shorten(body)}. Check the address.");
    }

    private static string Shorten(string text) => text.Length <= MaxErrorText ? text.Trim() : text[..MaxErrorText].Trim() + "...";
}
