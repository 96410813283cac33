using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>At the node's API: with somebody else's key, with what was overheard, from outside, and by a confidential job's own document.</summary>
public sealed class ApiAttackTests : IAsyncLifetime
{
    private const string Form = "nosana-request-v1";

    private readonly MarketHost _host = new();
    private readonly HttpClient _http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _host.PrepareAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Signature_OfSomebodyElse_StopsNothing()
    {
        PublicKey job = await ServeAsync();
        using var other = new Account();
        foreach (string forged in new[] { Sign(other, "x"), $"x:{new string('1', 64)}", Sign(Owner, "x")[..^1] + "1", Sign(Owner, "x").Replace("x:", "y:") })
            Assert.Equal(401, await AskAsync(HttpMethod.Post, $"/job/{job}/stop", forged));
        Assert.NotEmpty(await _host.ContainersAsync(job.Key));
        Assert.Equal(200, await AskAsync(HttpMethod.Post, $"/job/{job}/stop", Sign(Owner, "x"))); // his own does
        await _host.SettledAsync(job);
    }

    [Fact]
    public async Task Authorization_Overheard_IsOfNoUseWhereItIsBound()
    {
        _host.Options = ["--api-bound-only"];
        PublicKey job = await ServeAsync();
        string restart = $"/job/{job}/group/op/restart";
        string bound = Bound(job, "POST", restart);
        Assert.Equal(202, await AskAsync(HttpMethod.Post, restart, bound));
        Assert.Equal(401, await AskAsync(HttpMethod.Post, restart, bound)); // once
        Assert.Equal(401, await AskAsync(HttpMethod.Post, $"/job/{job}/stop", bound)); // for nothing else
        string look = Bound(job, "GET", $"/job/{job}/ops");
        Assert.Equal(401, await AskAsync(HttpMethod.Post, $"/job/{job}/stop", look));
        string official = Sign(Owner, "x");
        Assert.Equal(401, await AskAsync(HttpMethod.Post, $"/job/{job}/stop", official));
        Assert.Equal(200, await AskAsync(HttpMethod.Get, $"/job/{job}/ops", official)); // what is only looked at
    }

    [Fact]
    public async Task Authorization_OverheardInTheOfficialForm_IsGoodForEverything()
    {
        PublicKey job = await ServeAsync();
        string official = Sign(Owner, "x");
        Assert.Equal(200, await AskAsync(HttpMethod.Get, $"/job/{job}/ops", official));
        Assert.Equal(200, await AskAsync(HttpMethod.Post, $"/job/{job}/stop", official)); // which is what the bound form is there for
        await _host.SettledAsync(job);
    }

    [Fact]
    public async Task Description_AskedForFromOutside_IsNotThere()
    {
        await _host.StartAsync();
        var ingress = new Uri(await UrlAfterAsync("Exposed ports are reached through"));
        foreach (string path in new[] { "/scalar/", "/openapi/v1.json" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(ingress, path));
            request.Headers.Host = $"{_host.Network.Host}.localhost";
            Assert.Equal(HttpStatusCode.NotFound, (await _http.SendAsync(request, Token)).StatusCode);
            Assert.Equal(200, await AskAsync(HttpMethod.Get, path, null)); // on this machine it is
        }
    }

    [Fact]
    public async Task Endpoint_OfAConfidentialJobInTheHostsNetwork_IsNotAsked()
    {
        using var inside = new OwnNetwork();
        string document = $$$"""{"version":"0.1","type":"container","logistics":{"send":{"type":"api","args":{"endpoint":"{{{inside.Url}}}admin"} },"receive":{"type":"api","args":{"endpoint":"{{{inside.Url}}}admin"} } },"ops":[]}""";
        await _host.StartAsync();
        (_, JsonNode result) = await _host.CompletedAsync(await _host.Network.PostAsync(document));
        Assert.Equal("logistics-error", Definitions.StatusOf(result));
        Assert.Empty(inside.Asked);

        _host.Process.Terminate();
        await _host.Process.ExitAsync();
        _host.Options = ["--deployment-manager", inside.Url.ToString()];
        await _host.StartAsync();
        await _host.CompletedAsync(await _host.Network.PostAsync(document));
        Assert.NotEmpty(inside.Asked); // the operator has named it
    }

    private Account Owner => _host.Network.Server.Keys.Poster;

    private async Task<PublicKey> ServeAsync()
    {
        await _host.StartAsync();
        PublicKey job = await _host.Network.PostAsync($$"""{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"op","args":{"image":"{{Definitions.Image}}","cmd":"sleep 60"} }]}""");
        await _host.RunningContainerAsync(job.Key);
        return job;
    }

    private static string Sign(Account account, string message) => $"{message}:{Encoders.Base58.EncodeData(account.Sign(Encoding.UTF8.GetBytes(message)))}";

    private string Bound(PublicKey job, string method, string path) =>
        Sign(Owner, $"{Form} {_host.Network.Host} {job} {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()} {method} {path} -");

    private async Task<int> AskAsync(HttpMethod method, string path, string? header)
    {
        using var request = new HttpRequestMessage(method, new Uri(new Uri(await UrlAfterAsync("The node's API is at")), path));
        if (header is not null) request.Headers.TryAddWithoutValidation("authorization", header);
        return (int)(await _http.SendAsync(request, Token)).StatusCode;
    }

    private async Task<string> UrlAfterAsync(string words)
    {
        string line = (await _host.Process.LineAsync(words)).Text;
        return line[line.IndexOf("http://", StringComparison.Ordinal)..].Split(' ', ',')[0];
    }

    /// <summary>A service of the host's own network.</summary>
    private sealed class OwnNetwork : IDisposable
    {
        private readonly HttpListener _listener = new();

        public OwnNetwork()
        {
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Url = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
            }
            _listener.Prefixes.Add(Url.ToString());
            _listener.Start();
            _ = ServeAsync();
        }

        public Uri Url { get; }

        public ConcurrentQueue<string> Asked { get; } = new();

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    HttpListenerContext http = await _listener.GetContextAsync();
                    Asked.Enqueue(http.Request.RawUrl!);
                    await http.Response.OutputStream.WriteAsync("""{"version":"0.1","type":"container","ops":[]}"""u8.ToArray());
                    http.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // closed
            }
        }
    }
}
