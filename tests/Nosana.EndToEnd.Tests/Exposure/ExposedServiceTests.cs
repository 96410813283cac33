using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.JobDefinition.Exposure;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Exposure;

/// <summary>A job's service as its users reach it: by its official host name, with the programs that people use, over long silences.</summary>
public sealed class ExposedServiceTests(MarketHost host, ITestOutputHelper output) : IClassFixture<MarketHost>
{
    /// <summary>Of a WebSocket and an event stream; <c>NOSANA_TEST_SILENCE=300</c> for five minutes.</summary>
    private static readonly int s_silence = int.Parse(Environment.GetEnvironmentVariable("NOSANA_TEST_SILENCE") ?? "40", CultureInfo.InvariantCulture);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MarketNetwork Network => host.Network;

    [Fact]
    public async Task CorpusJob_ThatExposesAWebServer_IsReachedByCurlAndABrowserUnderItsNames()
    {
        NeedsCorpus.OrSkip();
        int from = host.Process.Lines.Count;
        PublicKey job = await Network.PostAsync(await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.PublicDefinitions, "cli__nginx.json"), Token));
        string url = await ReachedAsync(from, $"{ExposeId.ForPort(0, 80, job)}.localhost");
        string deployment = $"{ExposeId.ForDeployment("nginx", ExposeId.DeploymentHash("Deployment Id", Network.Server.Keys.Poster.PublicKey))}.localhost";

        string page = "";
        await host.UntilAsync(async () => (page = await Client.CurlAsync(url)).Contains("stand-in", StringComparison.Ordinal), "curl has the page");
        Assert.Contains("<h1>stand-in</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<h1>stand-in</h1>", await Client.BrowseAsync(url), StringComparison.Ordinal);
        Assert.Contains("<h1>stand-in</h1>", await Client.CurlAsync($"http://{deployment}:{new Uri(url).Port}/"), StringComparison.Ordinal);
        string byPath = $"http://127.0.0.1:{new Uri(url).Port}/_/{new Uri(url).Host.Split('.')[0]}/health";
        Assert.Equal("ok", (await Client.CurlAsync(byPath)).Trim());
        await host.UntilAsync(() => host.Process.Text.Contains("is ONLINE", StringComparison.Ordinal), "its health check has passed");

        await Network.Poster.EndAsync(job, Token);
        await host.CompletedAsync(job);
        Assert.Equal("410", await Client.CurlAsync(url, "--output", "/dev/null", "--write-out", "%{http_code}"));
        Assert.Contains("The job has ended", await Client.BrowseAsync(url), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WebSocketAndEventStream_AfterALongSilence_GoOn()
    {
        await WebImage.AddAsync(host.Engine);
        int from = host.Process.Lines.Count;
        PublicKey job = await Network.PostAsync(Web(), s_silence + 120);
        string url = await ReachedAsync(from, $"{ExposeId.ForPort(0, WebImage.Port, job)}.localhost");
        await host.UntilAsync(async () => await Client.CurlAsync(url + "/a%2Fb/../%E2%82%AC?c=%3B") == "/a%2Fb/../%E2%82%AC?c=%3B", "curl has its target back");
        Assert.Contains($"echo hello at {new Uri(url).Authority}", await Client.BrowseAsync(url), StringComparison.OrdinalIgnoreCase);

        using var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan; // silence, and no pings in it
        socket.Options.SetRequestHeader("Host", new Uri(url).Authority);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{new Uri(url).Port}/ws"), Token);
        Assert.Equal("before", await EchoAsync(socket, "before"));
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var asking = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{new Uri(url).Port}/events/{s_silence}");
        asking.Headers.Host = new Uri(url).Authority;
        using HttpResponseMessage events = await http.SendAsync(asking, HttpCompletionOption.ResponseHeadersRead, Token);
        using var lines = new StreamReader(await events.Content.ReadAsStreamAsync(Token));
        Assert.Equal("data: first", await lines.ReadLineAsync(Token));
        DateTimeOffset first = DateTimeOffset.UtcNow;

        Assert.Equal("", await lines.ReadLineAsync(Token));
        Assert.Equal("data: second", await lines.ReadLineAsync(Token));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"silence of {(DateTimeOffset.UtcNow - first).TotalSeconds:0} s"));
        Assert.InRange(DateTimeOffset.UtcNow - first, TimeSpan.FromSeconds(s_silence - 1), TimeSpan.FromSeconds(s_silence + 60));
        Assert.Equal("after", await EchoAsync(socket, "after"));

        await Network.Poster.EndAsync(job, Token);
        await host.CompletedAsync(job);
    }

    [Fact]
    public async Task HealthCheck_ThatFailsAndRestarts_RestartsTheContainerInPlace()
    {
        await WebImage.AddAsync(host.Engine);
        int from = host.Process.Lines.Count;
        PublicKey job = await Network.PostAsync(Web(new JsonObject
        {
            ["type"] = "http",
            ["path"] = "/live",
            ["method"] = "GET",
            ["expected_status"] = 200,
            ["continuous"] = true,
            ["restart_on_failure"] = true,
            ["max_restarts"] = 1,
        }), 300);
        string url = await ReachedAsync(from, $"{ExposeId.ForPort(0, WebImage.Port, job)}.localhost");
        await host.Process.LineAsync("is ONLINE", from);
        string container = await host.RunningContainerAsync(job);
        string? started = (await host.Engine.InspectContainerAsync(container, Token)).State!.StartedAt;

        Assert.Equal("/break", await Client.CurlAsync(url + "/break"));
        await host.Process.LineAsync("the container is restarted (1/1)", from);
        int again = host.Process.Lines.Count;
        await host.Process.LineAsync("is ONLINE", again);
        await host.UntilAsync(async () => await Client.CurlAsync(url + "/live") == "/live", "it serves again");

        Assert.Equal(container, await host.RunningContainerAsync(job));
        Assert.NotEqual(started, (await host.Engine.InspectContainerAsync(container, Token)).State!.StartedAt);
        await Network.Poster.EndAsync(job, Token);
        (_, JsonNode result) = await host.CompletedAsync(job);
        Assert.Equal(("success", "stopped"), Definitions.StatusesOf(result));
        Assert.Equal(["serving", "serving"], Definitions.LinesOf(Definitions.Op(result)));
    }

    private static string Web(JsonNode? check = null)
    {
        JsonNode definition = JsonNode.Parse(Definitions.Exec())!;
        JsonObject args = definition["ops"]![0]!["args"]!.AsObject();
        args.Remove("cmd");
        args["image"] = WebImage.Name;
        args["expose"] = check is null
            ? WebImage.Port
            : new JsonArray(new JsonObject { ["port"] = WebImage.Port, ["health_checks"] = new JsonArray(check) });
        return definition.ToJsonString();
    }

    /// <summary>Where the host says that a name is reached, once it does.</summary>
    private async Task<string> ReachedAsync(int from, string name)
    {
        NodeProcess.Line line = await host.Process.LineAsync($"http://{name}", from);
        return line.Text[line.Text.IndexOf("http://", StringComparison.Ordinal)..].Split(' ')[0].TrimEnd('/');
    }

    private static async Task<string> EchoAsync(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, true, Token);
        var buffer = new byte[64];
        ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), Token);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
