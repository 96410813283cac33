using System.Net;
using Nosana.Ipfs.UnixFs;

namespace Nosana.Ipfs.Http;

/// <summary>The state of one fetch: what each gateway answered last, so that the error at its end can name all of them.</summary>
internal sealed class GatewayFetch(HttpClient http, IpfsGatewayOptions options, TimeProvider time, Cid cid, long maxBytes)
{
    private const int BufferSize = 64 * 1024;

    private readonly Dictionary<Uri, Answer> _answers = [];

    private enum Outcome { Transient, NotFound, Rejected, TooLarge, Mismatch }

    /// <summary>The verified content, or null with the reason noted. Only the fetch's own end is thrown.</summary>
    public async Task<byte[]?> TryAsync(Uri gateway, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.RequestTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await RequestAsync(gateway, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Note(gateway, Outcome.Transient, $"no answer within {options.RequestTimeout.TotalSeconds:0.#} s");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            Note(gateway, Outcome.Transient, exception.GetBaseException().Message);
        }
        return null;
    }

    /// <summary>Whether asking this gateway again in a later round could not change its answer.</summary>
    public bool IsFinal(Uri gateway, int round) => _answers[gateway].Outcome switch
    {
        Outcome.Transient => false,
        Outcome.NotFound => round >= options.NotFoundRounds,
        _ => true,
    };

    /// <summary>The error when every gateway has given a final answer; the one that tells most about the content comes first.</summary>
    public IpfsException Verdict()
    {
        Answer worst = _answers.Values.MaxBy(a => a.Outcome)!;
        return worst.Outcome switch
        {
            Outcome.Mismatch => new IpfsContentMismatchException(
                $"The content of {cid} was refused: the bytes answered have the identifier {worst.Actual}. {Answers()}. " +
                "Use a gateway that serves the true content, or list the job anew if its definition was never pinned under this identifier.",
                cid, worst.Actual),
            Outcome.TooLarge =>
                new IpfsTooLargeException(
                    $"The content of {cid} has more than the {maxBytes} bytes allowed. {Answers()}. Make the document smaller.", maxBytes),
            Outcome.Rejected =>
                new IpfsRejectedException(
                    $"The content of {cid} was not given out. {Answers()}. Check the gateway's address and whether it asks for a credential.", worst.Status),
            _ => new IpfsNotFoundException($"No gateway has {cid}. {Answers()}. Pin it on a service these gateways read from, or configure another gateway."),
        };
    }

    public IpfsUnavailableException TimedOut() => new(
        $"The content of {cid} could not be read within {options.TotalTimeout.TotalSeconds:0.#} s. {Answers()}. " +
        "Check the network and the configured gateways; the content itself may be fine.");

    private async Task<byte[]?> RequestAsync(Uri gateway, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response =
            await http.GetAsync(new Uri(gateway.AbsoluteUri + cid), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            Outcome outcome = response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone ? Outcome.NotFound
                : IpfsGatewayClient.IsWorthRetrying(response.StatusCode) ? Outcome.Transient
                : Outcome.Rejected;
            Note(gateway, outcome, $"status {(int)response.StatusCode}", status: response.StatusCode);
            return null;
        }
        byte[]? content = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        if (content is null)
        {
            Note(gateway, Outcome.TooLarge, $"more than {maxBytes} bytes");
            return null;
        }
        Cid actual = UnixFsNode.CidOf(content);
        if (actual == cid) return content;
        Note(gateway, Outcome.Mismatch, $"{content.Length} bytes that are {actual}", actual);
        return null;
    }

    private async Task<byte[]?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > maxBytes) return null;
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var content = new MemoryStream();
        var buffer = new byte[BufferSize];
        while (true)
        {
            int read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0) return content.ToArray();
            if (content.Length + read > maxBytes) return null;
            content.Write(buffer, 0, read);
        }
    }

    private void Note(Uri gateway, Outcome outcome, string text, Cid actual = default, HttpStatusCode status = default) =>
        _answers[gateway] = new Answer(outcome, text, actual, status);

    private string Answers() => _answers.Count == 0
        ? "No gateway answered"
        : string.Join("; ", _answers.Select(a => $"{SiteName.Of(a.Key)}: {a.Value.Text}"));

    private sealed record Answer(Outcome Outcome, string Text, Cid Actual, HttpStatusCode Status);
}
