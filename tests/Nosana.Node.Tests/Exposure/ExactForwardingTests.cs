using System.Net;
using Nosana.Node.Exposure.Forwarding;
using Nosana.Node.Exposure.Listening;

namespace Nosana.Node.Tests.Exposure;

/// <summary>What a container and a client see of each other through the ingress is what they see of each other without it: both ends are bytes.</summary>
public sealed class ExactForwardingTests : IAsyncLifetime
{
    private const string Name = "4slzmqbma1htu5tifyhwprenkjfa3jlz6jbzmt2z39yq.localhost";

    private readonly RawServer _container = new();
    private Ingress? _ingress;

    private IPEndPoint Through => new(IPAddress.Loopback, _ingress!.Server.Address.Port);

    /// <summary>Every byte that a request line can have, in path and query; every escape, in both cases; what a path may be shortened to, and must not be.</summary>
    public static IReadOnlyList<string> Targets { get; } =
    [
        .. Enumerable.Range('!', '~' - '!' + 1).SelectMany(code => new[] { $"/a{(char)code}b", $"/a?x={(char)code}y" }),
        .. Enumerable.Range(0, 256).SelectMany(code => new[] { $"/a%{code:X2}b", $"/a%{code:x2}b", $"/?a=%{code:X2}b", $"/?a=%{code:x2}b" }),
        "/", "//", "///", "/a//b", "//host/a", "/.", "/..", "/./a", "/../a", "/a/./b", "/a/../b", "/a/..", "/a%2E%2E/b", "/%2e%2e/%2e%2e/etc/passwd",
        "/a%2Fb", "/a%252Fb", "/a%3Bb", "/a;b=c;d", "/a%5Cb", "/a\\..\\b", "/?", "/a?", "/a?b?c", "/a?b#c", "/a#b?c", "/a??", "/a?%", "/a%", "/a%2", "/a%zz", "/a%u0041",
        "/a?b=c&d=e%26f", "/a+b?c+d", "/a%20b", "/%E2%82%AC", "/%e2%82%ac", "/%FF%FE", "/_/x", "/a?u=http://x/y?z", "/" + new string('a', 30_000), "/?" + new string('b', ExposureListener.LongestTarget - 2),
    ];

    /// <summary>A null cannot stand in a path that a server decodes, and this one does before anybody is asked (CVE-2008-2938 and its kin): it is refused.</summary>
    private static readonly string[] s_refused = ["/a%00b"];

    private static string[] ValueBytes { get; } =
    [
        .. Enumerable.Range(1, 255).Where(code => code is not '\r' and not '\n').Select(code => $"a{(char)code}b"),
        "", "a  b", "a\tb", "naïve.txt", "\u00e2\u0082\u00ac 5", "\"quoted, and; so\"", "a=b; c=\u00c3\u00a9", new string('v', 8000),
    ];

    public async ValueTask InitializeAsync()
    {
        _ingress = await Ingress.StartAsync();
        _ingress.Table.Add(Name, _container.Address, "job");
    }

    public async ValueTask DisposeAsync()
    {
        await _ingress!.DisposeAsync();
        await _container.DisposeAsync();
    }

    [Fact]
    public async Task Target_EveryByteAndEscape_ReachesTheContainerAsItWasWritten()
    {
        var different = new List<string>();
        foreach (string target in Targets)
        {
            string answer = await RawClient.ExchangeAsync(Through, $"GET {target} HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n");
            string head = _container.TakeHead();
            string seen = head.Length == 0 ? $"status {RawClient.StatusOf(answer)}" : head.Split(' ')[1];
            if (seen != target) different.Add(target);
        }
        Assert.Equal(s_refused, different.Distinct());
    }

    [Fact]
    public async Task Target_InAbsoluteForm_ReachesTheContainerWithoutTheAuthority()
    {
        foreach ((string rest, string expected) in new[] { ("/a%2Fb?c=%3B", "/a%2Fb?c=%3B"), ("", "/"), ("?q=%2F", "/?q=%2F"), ("/../b", "/../b") })
        {
            await RawClient.ExchangeAsync(Through, $"GET http://{Name}{rest} HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n");
            Assert.Equal(expected, _container.TakeHead().Split(' ')[1]);
        }
    }

    [Fact]
    public async Task Target_OverHttp2_ReachesTheContainerAsItWasWritten()
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        var different = new List<string>();
        // A fragment's mark ends what this client sends.
        foreach (string target in Targets.Where(target => !target.Contains('#')))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, RequestTarget.At($"http://{Through}", target))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Headers.Host = Name;
            try
            {
                using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException)
            {
                // Refused as HTTP/2 does it, by an end of the stream.
            }
            string head = _container.TakeHead();
            if (head.Length == 0 || head.Split(' ')[1] != target) different.Add(target);
        }
        Assert.Equal(s_refused, different.Distinct());
    }

    [Fact]
    public async Task RequestHeader_EveryByte_ReachesTheContainerAsItWasWritten()
    {
        var different = new List<string>();
        foreach (string name in new[] { "X-Value", "Cookie", "Content-Disposition", "Authorization", "Referer" })
            foreach (string value in ValueBytes)
            {
                string request = $"GET / HTTP/1.1\r\nHost: {Name}\r\n{name}: {value}\r\nConnection: close\r\n\r\n";
                await RawClient.ExchangeAsync(_container.EndPoint, request);
                string? direct = RawClient.HeaderOf(_container.TakeHead(), name);
                string answer = await RawClient.ExchangeAsync(Through, request);
                string? through = RawClient.HeaderOf(_container.TakeHead(), name);
                if (direct != through) different.Add($"{name} {Escaped(value)}: '{Escaped(direct)}' became '{Escaped(through)}' ({RawClient.StatusOf(answer)})");
            }
        Assert.Empty(different);
    }

    [Fact]
    public async Task ResponseHeader_EveryByte_ReachesTheClientAsItWasWritten()
    {
        var different = new List<string>();
        string request = $"GET / HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n";
        foreach (string name in new[] { "X-Value", "Content-Disposition", "Location", "Set-Cookie", "Content-Type", "ETag", "Alt-Svc" })
            foreach (string value in ValueBytes)
            {
                _container.Answer = $"HTTP/1.1 200 OK\r\n{name}: {value}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
                string? direct = RawClient.HeaderOf(await RawClient.ExchangeAsync(_container.EndPoint, request), name);
                string answer = await RawClient.ExchangeAsync(Through, request);
                string? through = RawClient.HeaderOf(answer, name);
                // Controls are not for a header's value: RFC 9110, section 5.5, has them replaced.
                string expected = string.Concat(direct!.Select(character => character < 0x20 && character != '\t' || character == 0x7f ? ' ' : character)).Trim(' ', '\t');
                if (expected != through?.Trim(' ', '\t')) different.Add($"{name} {Escaped(value)}: '{Escaped(direct)}' became '{Escaped(through)}' ({RawClient.StatusOf(answer)})");
            }
        Assert.Empty(different);
    }

    [Fact]
    public async Task Headers_ForTheNextHopAlone_EndHere()
    {
        await RawClient.ExchangeAsync(Through,
            $"GET / HTTP/1.1\r\nHost: {Name}\r\nConnection: X-Hop\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nTE: trailers\r\nX-Hop: 1\r\nX-End: 2\r\n"
            + $"Upgrade-Insecure-Requests: 1\r\nTraceparent: 00-1-2-3\r\nProxy-Authorization: p\r\n\r\nGET / HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n");
        string head = _container.TakeHead();
        Assert.All(new[] { "X-Hop", "Keep-Alive", "Proxy-Connection", "TE", "Connection" }, name => Assert.Null(RawClient.HeaderOf(head, name)));
        Assert.Equal(["2", "1", "00-1-2-3", "p"],
            new[] { "X-End", "Upgrade-Insecure-Requests", "Traceparent", "Proxy-Authorization" }.Select(name => RawClient.HeaderOf(head, name)));

        _container.Answer = "HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nKeep-Alive: 5\r\nX-Hop: 1\r\nX-End: 2\r\nContent-Length: 0\r\n\r\n";
        string answer = await RawClient.ExchangeAsync(Through, $"GET / HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n");
        Assert.Equal((null, null, "2"), (RawClient.HeaderOf(answer, "X-Hop"), RawClient.HeaderOf(answer, "Keep-Alive"), RawClient.HeaderOf(answer, "X-End")));
    }

    [Fact]
    public async Task Headers_ThatAMessageNamesInItsConnection_AreNotItsOwnFraming()
    {
        await RawClient.ExchangeAsync(
            Through, $"POST / HTTP/1.1\r\nHost: {Name}\r\nConnection: close, Host, Content-Length, Cookie\r\nCookie: a=b\r\nContent-Length: 2\r\n\r\nhi");
        string head = _container.TakeHead();
        Assert.Equal((Name, "2", "a=b"), (RawClient.HeaderOf(head, "Host"), RawClient.HeaderOf(head, "Content-Length"), RawClient.HeaderOf(head, "Cookie")));
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nConnection: close\r\n\r\n", 304, "")]
    [InlineData("HTTP/1.1 299 Very Own\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx", 299, "x")]
    [InlineData("HTTP/1.1 500 Broken\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 500, "3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 200, "3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, "d\r\nuntil the end\r\n0\r\n\r\n")]
    public async Task Response_OfAnyForm_KeepsItsStatusAndBody(string answer, int status, string body)
    {
        _container.Answer = answer;
        string got = await RawClient.ExchangeAsync(Through, $"GET / HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n");
        Assert.Equal(status, RawClient.StatusOf(got));
        Assert.Equal(answer.Split("\r\n")[0].Split(' ', 3)[2], got.Split("\r\n")[0].Split(' ', 3)[2]);
        Assert.Equal(body, got[(got.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    [Theory]
    [InlineData("PROPFIND")]
    [InlineData("purge")]
    [InlineData("M-SEARCH")]
    [InlineData("TRACE")]
    [InlineData("OPTIONS")]
    public async Task Method_OfAnyName_ReachesTheContainer(string method)
    {
        await RawClient.ExchangeAsync(Through, $"{method} /x HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"{method} /x HTTP/1.1\r\n", _container.TakeHead(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /_/4slzmqbma1htu5tifyhwprenkjfa3jlz6jbzmt2z39yq/a%2Fb?c=d", "127.0.0.1:8180", "/a%2Fb?c=d")]
    [InlineData("GET /_/4slzmqbma1htu5tifyhwprenkjfa3jlz6jbzmt2z39yq", "localhost", "/")]
    [InlineData("GET /_/4slzmqbma1htu5tifyhwprenkjfa3jlz6jbzmt2z39yq?q", "[::1]:8180", "/?q")]
    public async Task Path_AskedForOnThisMachine_LeadsToTheService(string line, string host, string expected)
    {
        await RawClient.ExchangeAsync(Through, $"{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        string head = _container.TakeHead();
        Assert.Equal(expected, head.Split(' ')[1]);
        Assert.Equal("/_/4slzmqbma1htu5tifyhwprenkjfa3jlz6jbzmt2z39yq", RawClient.HeaderOf(head, "X-Forwarded-Prefix"));
    }

    [Theory]
    [InlineData("evil.example", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("localhost.evil.example", true)]
    public void Path_AskedForUnderAnotherNameOrFromElsewhere_IsAnOrdinaryPath(string host, bool isHere)
    {
        IPAddress peer = isHere ? IPAddress.Loopback : IPAddress.Parse("192.0.2.7");
        Assert.False(RequestTarget.TryReadLocal(host, peer, "/_/id/x", out _, out _));
    }

    private static string Escaped(string? text) =>
        text is null ? "nothing" : string.Concat((text.Length > 40 ? text[..40] : text).Select(character => character is < ' ' or > '~' ? $"\\x{(int)character:X2}" : $"{character}"));
}
