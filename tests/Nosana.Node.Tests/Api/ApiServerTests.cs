using System.Text.Json.Nodes;
using Nosana.Node.Market;
using Nosana.Testing;

namespace Nosana.Node.Tests.Api;

public sealed class ApiServerTests
{
    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Get_Root_IsTheAddressAsAJsonString()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        (int status, string body, HttpResponseMessage response) = await bench.GetAsync("/", "");
        Assert.Equal((200, $"\"{bench.Host.PublicKey}\"", "application/json; charset=utf-8"), (status, body, response.Content.Headers.ContentType!.ToString()));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Get_NodeInfo_SaysWhatTheNodeIsAndDoes_AlsoWhileItStarts()
    {
        await using ApiBench bench = await ApiBench.StartAsync(isStarting: true);
        JsonNode info = JsonNode.Parse((await bench.GetAsync("/node/info", "")).Body)!;
        Assert.Equal(["node", "uptime", "state", "info", "resources"], info.AsObject().Select(pair => pair.Key));
        Assert.Equal("STARTING", (string?)info["state"]);
        Assert.Equal(["images", "volumes"], info["resources"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal("NL", (string?)info["info"]!["country"]);
        Assert.Null(info["info"]!["network"]!["ip"]);
        bench.Slot.Show("x", SlotActivity.Queued);
        Assert.Equal("QUEUED", (string?)JsonNode.Parse((await bench.GetAsync("/node/info", "")).Body)!["state"]);
        Assert.Equal(503, (await bench.GetAsync($"/job/{bench.JobAddress}/info")).Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Answer_Any_MayBeReadByEveryPageAndRunByNone()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        foreach (string path in new[] { "/", "/nothing", $"/job/{bench.JobAddress}/nothing" })
        {
            HttpResponseMessage response = (await bench.GetAsync(path)).Response;
            Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        }
        (int status, _, HttpResponseMessage options) = await bench.AskAsync(HttpMethod.Options, $"/job/{bench.JobAddress}/stop", "",
            more: request => request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "authorization,x-y"));
        Assert.Equal(204, status);
        Assert.Equal("GET,HEAD,PUT,PATCH,POST,DELETE", options.Headers.GetValues("Access-Control-Allow-Methods").Single());
        Assert.Equal("authorization,x-y", options.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.Equal("Access-Control-Request-Headers", options.Headers.Vary.Single());
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("GET", "/x<y>", "Cannot GET /x%3Cy%3E")]
    [InlineData("POST", "/node/validate", "Cannot POST /node/validate")]
    [InlineData("GET", "/job/abc", "Cannot GET /job/abc")]
    public async Task Ask_ForWhatIsNotThere_IsTheOfficialPage(string method, string path, string text)
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        (int status, string body, HttpResponseMessage response) = await bench.AskAsync(new HttpMethod(method), path, "");
        Assert.Equal((404, "text/html; charset=utf-8"), (status, response.Content.Headers.ContentType!.ToString()));
        Assert.Contains($"<pre>{text}</pre>", body, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ask_ForWhatIsNotThereBelowAJob_IsAskedFirstWhoAsks()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        string path = $"/job/{bench.JobAddress}/group/g/move";
        Assert.Equal((401, "Unauthorized Request: Header not found with key authorization."), Answer(await bench.PostAsync(path, "")));
        (int status, string body, _) = await bench.PostAsync(path);
        Assert.Equal(404, status);
        Assert.Contains($"Cannot POST {path}", body, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ask_TooOften_IsToldToWait()
    {
        await using ApiBench bench = await ApiBench.StartAsync(change: options => options with { RequestRate = 1 });
        var statuses = new List<int>();
        for (int i = 0; i < 5; i++) statuses.Add((await bench.GetAsync("/", "")).Status);
        Assert.Contains(429, statuses);
        Assert.Equal(200, statuses[0]);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Start_TheNodesName_LeadsToTheListenerOfTheWorld()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        Uri destination = bench.Jobs.Exposure.Find(bench.Host.PublicKey + ".localhost")!.Destination!;
        Assert.NotEqual(bench.Server.Address.Port, destination.Port);
        using var http = new HttpClient();
        Assert.Equal($"\"{bench.Host.PublicKey}\"", await http.GetStringAsync(destination, TestContext.Current.CancellationToken));
        await bench.Server.StopAsync(TestContext.Current.CancellationToken);
        Assert.Null(bench.Jobs.Exposure.Find(bench.Host.PublicKey + ".localhost"));
    }

    private static (int, string) Answer((int Status, string Body, HttpResponseMessage) answer) => (answer.Status, answer.Body);
}
