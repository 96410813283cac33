using System.Net;

namespace Nosana.Node.Exposure.Forwarding;

/// <summary>The target of a request line as the client wrote it (RFC 9112, section 3.2), byte for byte: paths are the container's matter.</summary>
internal static class RequestTarget
{
    /// <summary>The beginning of what a person on this machine may write instead of a host name: <c>http://127.0.0.1:8180/_/EXPOSE-ID/path</c>.</summary>
    public const string LocalPrefix = "/_/";

    /// <summary>From which engines give networks their addresses (RFC 1918).</summary>
    private static readonly IPNetwork[] s_private = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16")];

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

    /// <summary>
    /// Whether somebody on this machine asks by path, and for which expose id; or a tunnel's client, which asks for health by the address that it connects to.
    /// </summary>
    /// <param name="host">Of the Host header.</param>
    /// <param name="peer">Who is connected.</param>
    /// <param name="at">To which address of this machine.</param>
    /// <param name="target">In origin form.</param>
    /// <param name="id">The expose id.</param>
    /// <param name="rest">The target without the prefix and the id.</param>
    public static bool TryReadLocal(string host, IPAddress? peer, IPAddress? at, string target, out string id, out string rest)
    {
        (id, rest) = ("", "");
        if (!target.StartsWith(LocalPrefix, StringComparison.Ordinal) || peer is null) return false;
        // Not any name that leads here: a page of the internet that names one would be of the same origin as every service.
        bool isAddress = IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address);
        bool isHere = IPAddress.IsLoopback(peer) && (host == "localhost" || (isAddress && IPAddress.IsLoopback(address!)));
        bool isTunnel = isAddress && address!.Equals(at) && s_private.Any(range => range.Contains(address) && range.Contains(peer));
        if (!isHere && !isTunnel) return false;
        int end = target.AsSpan(LocalPrefix.Length).IndexOfAny('/', '?');
        if (end < 0) end = target.Length - LocalPrefix.Length;
        id = target.Substring(LocalPrefix.Length, end);
        rest = target[(LocalPrefix.Length + end)..];
        if (!rest.StartsWith('/')) rest = "/" + rest;
        return true;
    }
}
