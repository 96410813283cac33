using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Nosana.Ipfs;
using Nosana.Node.Chain;
using Nosana.Node.Jobs.State;
using Nosana.Node.Market;
using Nosana.Node.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;
using Nosana.Testing;

namespace Nosana.Node.Tests.Market;

/// <summary>Jobs whose definition and result go past IPFS.</summary>
public sealed class ConfidentialJobTests : IAsyncLifetime
{
    private const string Listen = """{"send":{"type":"api-listen","args":{}},"receive":{"type":"api-listen","args":{}}}""";
    private const string Secret = "the-secret-of-the-owner";

    private static readonly string s_definition =
        $$"""{"version":"0.1","type":"container","ops":[{{JobBench.Op("a", args: $"\"env\":{{\"KEY\":\"{Secret}\"}}")}}]}""";

    private MarketBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await MarketBench.StartAsync();
        _bench.Bench.Engine.Programs["a"] = new FakeProgram { Prints = ["printed " + Secret] };
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Serve_OwnerBringsAndFetches_NothingOfItIsPublicOrStays()
    {
        (PublicKey job, Task<RunOutcome> serving) = await BeginAsync(Listen);
        await Eventually.BecomesAsync(() => _bench.Desk.StateOf(job.Key)?.Status, FlowStatus.WaitingForJobDefinition);
        Assert.True(_bench.Desk.TryGiveDefinition(job.Key, Encoding.UTF8.GetBytes(s_definition)));
        Assert.False(_bench.Desk.TryGiveDefinition(job.Key, Encoding.UTF8.GetBytes(s_definition)));
        byte[]? result = null;
        await Eventually.TrueAsync(() => (result = _bench.Desk.TakeResult(job.Key)) is not null, "the result is laid out");
        await Eventually.EndsAsync(serving, _bench.Clock, TimeSpan.FromMilliseconds(50));

        FlowState flow = ResultJson.Read(result);
        Assert.Equal(FlowStatus.WaitingForResult, flow.Status);
        Assert.Contains(flow.OpStates[0].Logs, entry => entry.Log.Contains(Secret, StringComparison.Ordinal));
        Assert.NotNull(_bench.Desk.TakeResult(job.Key)); // a connection that broke is no reason to lose it
        JsonNode blank = await PublicResultAsync(job);
        Assert.Equal(("success", 0), ((string?)blank["status"], blank["opStates"]!.AsArray().Count));
        Assert.Null(blank["errors"]);
        AssertNothingOnDisk(); // while the agent runs on
        _bench.Journal.Dispose();
        AssertNothingOnDisk();
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Serve_OwnerDoesNotFetch_IsSettledAfterAMinuteAndSaysSo()
    {
        (PublicKey job, Task<RunOutcome> serving) = await BeginAsync(Listen);
        await Eventually.TrueAsync(() => _bench.Desk.TryGiveDefinition(job.Key, Encoding.UTF8.GetBytes(s_definition)), "the definition is waited for");
        await Eventually.EndsAsync(serving, _bench.Clock, TimeSpan.FromSeconds(1));
        Assert.Equal("""["Results were not collected before the timeout."]""", (await PublicResultAsync(job))["errors"]!.ToJsonString());
        Assert.NotNull(_bench.Desk.TakeResult(job.Key)); // he has missed it, and may fetch it for a day
        _bench.Clock.Advance(Nosana.Node.Market.Confidential.OwnerDesk.Keep + TimeSpan.FromSeconds(1));
        Assert.Null(_bench.Desk.TakeResult(job.Key));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Serve_DefinitionThatIsInvalid_IsTheOwnersToKnow()
    {
        (PublicKey job, Task<RunOutcome> serving) = await BeginAsync(Listen);
        byte[] invalid = Encoding.UTF8.GetBytes($$"""{"version":"0.1","type":"{{Secret}}","ops":[]}""");
        await Eventually.TrueAsync(() => _bench.Desk.TryGiveDefinition(job.Key, invalid), "the definition is waited for");
        byte[]? result = null;
        await Eventually.TrueAsync(() => (result = _bench.Desk.TakeResult(job.Key)) is not null, "the result is laid out");
        await Eventually.EndsAsync(serving, _bench.Clock, TimeSpan.FromMilliseconds(50));
        Assert.Contains(Secret, Encoding.UTF8.GetString(result!), StringComparison.Ordinal);
        JsonNode blank = await PublicResultAsync(job);
        Assert.Equal("validation-error", (string?)blank["status"]);
        Assert.Equal("""[{"path":"$input.type"}]""", blank["errors"]!.ToJsonString());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Serve_OwnerNeverComes_TheJobsTimeEndsIt()
    {
        (PublicKey job, Task<RunOutcome> serving) = await BeginAsync(Listen, timeout: 60);
        await Eventually.EndsAsync(serving, _bench.Clock, TimeSpan.FromSeconds(1));
        Assert.Equal("failed", (string?)(await PublicResultAsync(job))["status"]);
        Assert.Empty(_bench.Bench.Engine.Made);
        Assert.False(_bench.Desk.TryGiveDefinition(job.Key, "{}"u8.ToArray()));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Serve_OwnerStopsWhileItWaits_ItEnds()
    {
        (PublicKey job, Task<RunOutcome> serving) = await BeginAsync(Listen);
        await Eventually.BecomesAsync(() => _bench.Desk.StateOf(job.Key)?.Status, FlowStatus.WaitingForJobDefinition);
        Assert.True(_bench.Bench.Running.TryStop(job.Key));
        await Eventually.EndsAsync(serving, _bench.Clock, TimeSpan.FromMilliseconds(50));
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Serve_KilledWhileTheResultWaits_IsHandedOverByTheNextAgent()
    {
        using var exiting = new CancellationTokenSource();
        (PublicKey job, Task<RunOutcome> serving) = await BeginAsync(Listen, exiting: exiting.Token);
        await Eventually.TrueAsync(() => _bench.Desk.TryGiveDefinition(job.Key, Encoding.UTF8.GetBytes(s_definition)), "the definition is waited for");
        await Eventually.BecomesAsync(() => _bench.Desk.StateOf(job.Key)?.Status, FlowStatus.WaitingForResult);
        await exiting.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        _bench.Restart();
        ObservedRun run = Assert.Single(await _bench.Chain.RunsOfNodeAsync(_bench.Wallet.Address, Cancel));
        Task<RunOutcome> again = _bench.Session.ServeAsync(run, _bench.Slot, Cancel);
        byte[]? result = null;
        await Eventually.TrueAsync(() => (result = _bench.Desk.TakeResult(job.Key)) is not null, "the result is laid out");
        await Eventually.EndsAsync(again, _bench.Clock, TimeSpan.FromMilliseconds(50));
        Assert.Contains(Secret, Encoding.UTF8.GetString(result!), StringComparison.Ordinal);
        Assert.Empty((await PublicResultAsync(job))["opStates"]!.AsArray());
        AssertNothingOnDisk(); // while the agent runs on
        _bench.Journal.Dispose();
        AssertNothingOnDisk();
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Serve_ByTheOwnersEndpoints_FetchesAndPostsSigned()
    {
        await using var owner = new OwnerSite(s_definition);
        _bench.DeploymentManagers = [owner.Url];
        (PublicKey job, Task<RunOutcome> serving) = await BeginAsync(owner.Logistics);
        await Eventually.EndsAsync(serving, _bench.Clock, TimeSpan.FromMilliseconds(50));
        (string Method, string Path, string? Header, string Body)[] calls = [.. owner.Calls];
        Assert.Equal([("GET", $"/jobs/{job}/job-definition"), ("POST", $"/jobs/{job}/results")], calls.Select(call => (call.Method, call.Path)));
        foreach (var call in calls)
        {
            string[] parts = call.Header!.Split(':');
            Assert.Equal(job.Key, parts[0]);
            Assert.True(Ed25519.Verify(_bench.Wallet.Address, Encoding.UTF8.GetBytes(parts[0]), Encoders.Base58.DecodeData(parts[1])));
        }
        Assert.Contains(Secret, calls[1].Body, StringComparison.Ordinal);
        Assert.Equal("success", (string?)JsonNode.Parse(calls[1].Body)!["status"]);
        Assert.Empty((await PublicResultAsync(job))["opStates"]!.AsArray());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Serve_EndpointInTheHostsOwnNetwork_IsNotAsked()
    {
        await using var owner = new OwnerSite(s_definition);
        (PublicKey job, Task<RunOutcome> serving) = await BeginAsync(owner.Logistics);
        await Eventually.EndsAsync(serving, _bench.Clock, TimeSpan.FromSeconds(1));
        Assert.Empty(owner.Calls);
        JsonNode blank = await PublicResultAsync(job);
        Assert.Equal("logistics-error", (string?)blank["status"]);
        Assert.StartsWith($"Failed to retrieve job definition from {owner.Url}jobs/{job}/job-definition.", (string?)blank["errors"]![0], StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Serve_EndpointThatRedirects_IsNotFollowed()
    {
        await using var elsewhere = new OwnerSite(s_definition);
        await using var owner = new OwnerSite(s_definition) { RedirectTo = elsewhere.Url };
        _bench.DeploymentManagers = [owner.Url, elsewhere.Url];
        (PublicKey job, Task<RunOutcome> serving) = await BeginAsync(owner.Logistics);
        await Eventually.EndsAsync(serving, _bench.Clock, TimeSpan.FromSeconds(1));
        Assert.Empty(elsewhere.Calls);
        Assert.Equal(4, owner.Calls.Count(call => call.Method == "GET")); // as often as the official host
        Assert.Equal("logistics-error", (string?)(await PublicResultAsync(job))["status"]);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("""{"send":{"type":"carrier-pigeon","args":{}},"receive":{"type":"api-listen","args":{}}}""", "validation-error")]
    [InlineData("""{"send":{"type":"api-listen","args":{}},"receive":{"type":"ipfs","args":{}}}""", "validation-error")]
    [InlineData("""{"send":{"type":"api","args":{}},"receive":{"type":"api","args":{}}}""", "logistics-error")]
    [InlineData("""{"send":{"type":"api","args":{"endpoint":"file:///etc/passwd"}},"receive":{"type":"api","args":{}}}""", "logistics-error")]
    public async Task Serve_LogisticsThatCannotBe_AreTheDefinitionsFault(string logistics, string status)
    {
        (PublicKey job, Task<RunOutcome> serving) = await BeginAsync(logistics);
        await Eventually.EndsAsync(serving, _bench.Clock, TimeSpan.FromMilliseconds(50));
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
        Assert.Equal(status, (string?)(await PublicResultAsync(job))["status"]);
    }

    private async Task<(PublicKey Job, Task<RunOutcome> Serving)> BeginAsync(string logistics, long timeout = 3600, CancellationToken? exiting = null)
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync($$"""{"version":"0.1","type":"container","logistics":{{logistics}},"ops":[]}""", timeout);
        return (job, _bench.Session.ServeAsync(run, _bench.Slot, exiting ?? Cancel));
    }

    private async Task<JsonNode> PublicResultAsync(PublicKey job) =>
        JsonNode.Parse(_bench.Server.Content.Find(Cid.FromDigest((await _bench.JobAsync(job)).IpfsResult))!.Content.Span)!;

    private void AssertNothingOnDisk()
    {
        foreach (string directory in new[] { _bench.StateDirectory, _bench.Bench.LogDirectory })
            foreach (string file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
                Assert.DoesNotContain(Secret, Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal);
    }

    /// <summary>The endpoints of an owner.</summary>
    private sealed class OwnerSite : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _serving;
        private readonly string _definition;

        public OwnerSite(string definition)
        {
            _definition = definition;
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Url = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
            }
            _listener.Prefixes.Add(Url.ToString());
            _listener.Start();
            _serving = ServeAsync();
        }

        public Uri Url { get; }

        public Uri? RedirectTo { get; init; }

        public System.Collections.Concurrent.ConcurrentQueue<(string Method, string Path, string? Header, string Body)> Calls { get; } = new();

        public string Logistics =>
            """{"send":{"type":"api","args":{"endpoint":"URLjobs/%%global.job%%/job-definition"}},"receive":{"type":"api","args":{"endpoint":"URLjobs/%%global.job%%/results"}}}"""
                .Replace("URL", Url.ToString());

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _serving;
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    HttpListenerContext http = await _listener.GetContextAsync();
                    using var body = new StreamReader(http.Request.InputStream);
                    Calls.Enqueue((http.Request.HttpMethod, http.Request.Url!.AbsolutePath, http.Request.Headers["Authorization"], await body.ReadToEndAsync()));
                    if (RedirectTo is not null) http.Response.Redirect(RedirectTo.ToString());
                    else await http.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(_definition));
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
