using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Nosana.Node.Exposure.Forwarding;

/// <summary>
/// Headers that are for the next hop alone (RFC 9110, section 7.6.1): those of the standard, and those that a message's own Connection header names.
/// Everything else is between client and container.
/// </summary>
internal readonly struct HopHeaders
{
    private static readonly FrozenSet<string> s_always = FrozenSet.ToFrozenSet(
        [HeaderNames.Connection, HeaderNames.ProxyConnection, HeaderNames.KeepAlive, HeaderNames.TE, HeaderNames.TransferEncoding, HeaderNames.Upgrade],
        StringComparer.OrdinalIgnoreCase);

    // What a message may not take away from itself by naming it: without these the next hop would read another message.
    private static readonly FrozenSet<string> s_never = FrozenSet.ToFrozenSet(
        [HeaderNames.Host, HeaderNames.ContentLength, HeaderNames.ContentType, HeaderNames.Authorization, HeaderNames.Cookie],
        StringComparer.OrdinalIgnoreCase);

    private readonly string[]? _named;

    private HopHeaders(string[]? named) => _named = named;

    /// <param name="connection">
    /// The message's Connection header. Of a request's Kestrel keeps one word alone when it has close, keep-alive or Upgrade: what stands beside those is
    /// not known here, and passes.
    /// </param>
    public static HopHeaders Of(StringValues connection)
    {
        if (connection.Count == 0 || (connection.Count == 1 && IsUsual(connection[0]!))) return default;
        return new HopHeaders(
        [
            .. connection.SelectMany(value => value!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                .Where(name => !s_never.Contains(name)),
        ]);
    }

    public bool Has(string name) => s_always.Contains(name) || (_named is { } named && named.Contains(name, StringComparer.OrdinalIgnoreCase));

    private static bool IsUsual(string value) =>
        value.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) || value.Equals("close", StringComparison.OrdinalIgnoreCase)
        || value.Equals("upgrade", StringComparison.OrdinalIgnoreCase);
}
