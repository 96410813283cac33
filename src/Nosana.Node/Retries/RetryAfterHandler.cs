using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace Nosana.Node.Retries;

/// <summary>
/// Leaves a server alone for as long as it asked to be: an answer 429 or 503 with Retry-After holds back every request to it until then, and a little
/// longer by chance, so that its users do not all come back at once. Whoever asks meanwhile gets the same answer without the network; what is then
/// tried again, and for how long, stays the caller's matter.
/// </summary>
internal sealed class RetryAfterHandler(TimeProvider time, Func<double>? random = null) : DelegatingHandler
{
    /// <summary>No server is left alone for longer: a mistake in a header must not end a host's work.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>What chance adds at most, of the time asked for.</summary>
    private const double JitterShare = 0.25;

    /// <summary>So much of seconds is a point in time: Docker Hub writes Unix seconds there.</summary>
    private const long UnixSeconds = 1_000_000_000;

    /// <summary>Jobs name servers: when so many have asked, those whose time is over are forgotten.</summary>
    private const int MostServers = 256;

    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, HttpStatusCode Status)> _alone = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<double> _random = random ?? Random.Shared.NextDouble;

    /// <param name="inner">That sends what may be sent.</param>
    public RetryAfterHandler(HttpMessageHandler inner, TimeProvider time, Func<double>? random = null) : this(time, random) => InnerHandler = inner;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string server = request.RequestUri!.GetLeftPart(UriPartial.Authority);
        if (_alone.TryGetValue(server, out (DateTimeOffset Until, HttpStatusCode Status) asked))
        {
            TimeSpan left = asked.Until - time.GetUtcNow();
            if (left > TimeSpan.Zero && left <= Longest * (1 + JitterShare)) return Held(request, asked.Status, left);
            _alone.TryRemove(KeyValuePair.Create(server, asked));
        }
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && WaitOf(response) is { } wait)
        {
            if (_alone.Count >= MostServers) Forget();
            _alone[server] = (time.GetUtcNow() + (wait * (1 + (JitterShare * _random()))), response.StatusCode);
        }
        return response;
    }

    private void Forget()
    {
        foreach (KeyValuePair<string, (DateTimeOffset Until, HttpStatusCode Status)> server in _alone)
            if (server.Value.Until <= time.GetUtcNow()) _alone.TryRemove(server);
    }

    /// <summary>How long an answer asks to wait; null when it does not.</summary>
    private TimeSpan? WaitOf(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Retry-After", out IEnumerable<string>? values) || values.FirstOrDefault() is not { } text) return null;
        DateTimeOffset now = time.GetUtcNow();
        TimeSpan? wait = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            ? seconds >= UnixSeconds ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, 10 * UnixSeconds)) - now : TimeSpan.FromSeconds(seconds)
            : response.Headers.RetryAfter?.Date - now;
        if (wait is null || wait <= TimeSpan.Zero) return null;
        return wait > Longest ? Longest : wait;
    }

    private static HttpResponseMessage Held(HttpRequestMessage request, HttpStatusCode status, TimeSpan left)
    {
        var response = new HttpResponseMessage(status) { RequestMessage = request, Content = new ByteArrayContent([]) };
        response.Headers.TryAddWithoutValidation("Retry-After", Math.Ceiling(left.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        return response;
    }
}
