using System.Net;

namespace Nosana.Node.Exposure.Forwarding;

/// <summary>The target of a request line as the client wrote it (RFC 9112, section 3.2), byte for byte: paths are the container's matter.</summary>
internal static class RequestTarget
{
    /// <summary>The beginning of what a person on this machine may write instead of a host name: <c>http://127.0.0.1:8180/_/EXPOSE-ID/path</c>.</summary>
    public const string LocalPrefix = "/_/";

    private static readonly UriCreationOptions s_asWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>
    /// The path and query to ask a container for; null when the target has none (<c>*</c>, or that of CONNECT), or a character that no request line
    /// can have: a container would read two lines, or another path.
    /// </summary>
    public static string? OriginForm(string raw)
    {
        if (!IsPrintable(raw)) return null;
        if (raw.StartsWith('/')) return raw;
        int authority = raw.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0) return null;
        int path = raw.AsSpan(authority + 3).IndexOfAny('/', '?');
        return path < 0 ? "/" : raw[authority + 3 + path] == '/' ? raw[(authority + 3 + path)..] : string.Concat("/", raw.AsSpan(authority + 3 + path));
    }

    /// <summary>Whether a text may stand in a request line: it has printable ASCII alone, and no space.</summary>
    public static bool IsPrintable(string target) => !target.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>The URL of a target at a container, of which nothing is decoded, escaped or shortened.</summary>
    /// <param name="prefix">Scheme, address and port.</param>
    /// <param name="target">Begins with a slash.</param>
    public static Uri At(string prefix, string target) => new(string.Concat(prefix, target), s_asWritten);

    /// <summary>Whether somebody on this machine asks by path, and for which expose id.</summary>
    /// <param name="host">Of the Host header.</param>
    /// <param name="peer">Who is connected.</param>
    /// <param name="target">In origin form.</param>
    /// <param name="id">The expose id.</param>
    /// <param name="rest">The target without the prefix and the id.</param>
    public static bool TryReadLocal(string host, IPAddress? peer, string target, out string id, out string rest)
    {
        (id, rest) = ("", "");
        if (!target.StartsWith(LocalPrefix, StringComparison.Ordinal) || peer is null || !IPAddress.IsLoopback(peer)) return false;
        // Not any name that leads here: a page of the internet that names one would be of the same origin as every service.
        if (host != "localhost" && !(IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address))) return false;
        int end = target.AsSpan(LocalPrefix.Length).IndexOfAny('/', '?');
        if (end < 0) end = target.Length - LocalPrefix.Length;
        id = target.Substring(LocalPrefix.Length, end);
        rest = target[(LocalPrefix.Length + end)..];
        if (!rest.StartsWith('/')) rest = "/" + rest;
        return true;
    }
}
