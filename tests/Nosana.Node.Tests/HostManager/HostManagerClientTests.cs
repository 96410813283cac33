using Nosana.LocalNet.HostManager;
using Nosana.Node.HostManager;

namespace Nosana.Node.Tests.HostManager;

/// <summary>Paths, headers and bodies as the official host sends them, and what becomes of each answer.</summary>
public sealed class HostManagerClientTests : IAsyncLifetime
{
    // The vector of the legacy form, and the form that specs are sent with.
    private const string FormA = "FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF:P+HwcBGQMEENBeizYVg5qQ7wvNK6TIVfJwAhWug8rOiKd/0hBayPKXNmLATOLgkPDIdx1/sCG+yJLbzvut70Cw==";
    private const string FormB = "Hello Nosana Node!:2H5ZRLK7Rvk9JGdKfPRH3zBCKYmHAFye35cVqG42VveeyPLNNY8rf18wjPHno4ka8StEpJNwvU7JqAfpZGNz7Cr6";
    private const string Address = "FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF";

    private ManagerScene _scene = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await ManagerScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Status_OfAnAcceptedHost_Onboarded()
    {
        NodeStatus status = await _scene.Client.StatusAsync(Cancel);

        Assert.Equal((NodeStanding.Onboarded, "ONBOARDED", _scene.Manager.Market.Key), (status.Standing, status.Status, status.Market));
        Sent("GET", $"/nodes/{Address}", FormA, "");
    }

    [Theory]
    [InlineData("PREMIUM", true)]
    [InlineData("WAITLISTED", false)]
    [InlineData("onboarded", false)]
    public async Task Status_ByItsWord_Standing(string word, bool accepted)
    {
        _scene.Manager.SetStatus(ManagerScene.Host, word);

        Assert.Equal(accepted ? NodeStanding.Onboarded : NodeStanding.Waiting, (await _scene.Client.StatusAsync(Cancel)).Standing);
    }

    [Fact]
    public async Task Status_OfAnUnknownHost_Unknown()
    {
        _scene.Manager.DefaultStatus = null;

        Assert.Equal(NodeStanding.Unknown, (await _scene.Client.StatusAsync(Cancel)).Standing);
    }

    [Fact]
    public async Task Status_NotOnboardedYet_Waiting()
    {
        _scene.Network.Faults.HostManagerAnswer = """{"name":"Error","message":"Node not onboarded yet, please wait"}""";

        Assert.Equal(NodeStanding.Waiting, (await _scene.Client.StatusAsync(Cancel)).Standing);
    }

    [Fact]
    public async Task Heartbeat_Sent_PathHeaderAndBody()
    {
        Assert.Equal(2_880, await _scene.Client.HeartbeatAsync(Cancel));

        Sent("POST", "/nodes/heartbeat", FormA, """{"ping":"pong"}""");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("17")]
    [InlineData("""{"maxHeartbeatsPerDay":"many"}""")]
    [InlineData("""{"maxHeartbeatsPerDay":0}""")]
    [InlineData("""{"maxHeartbeatsPerDay":-1}""")]
    public async Task Heartbeat_NoUsableNumber_Null(string answer)
    {
        _scene.Network.Faults.HostManagerAnswer = answer;

        Assert.Null(await _scene.Client.HeartbeatAsync(Cancel));
    }

    [Fact]
    public async Task SubmitSpecs_Sent_WholeBodyWithFormB()
    {
        await _scene.Client.SubmitSpecsAsync(ManagerScene.Specs, Cancel);

        Sent("POST", $"/nodes/{Address}/submit-system-specs", FormB,
            """{"version":"0.1.0","country":"NL","network":{"ip":"","ping_ms":0,"download_mbps":940,"upload_mbps":880},"system_environment":"Debian 12","cpu":{"model":"Stand-in CPU","physical_cores":8,"logical_cores":16},"disk_gb":100,"ram_mb":64000"""
            + ""","gpus":{"devices":[{"index":0,"name":"NVIDIA 4090","uuid":"GPU-1","memory":{"total_mb":24564},"network_architecture":{"major":8,"minor":9},"results":[]}],"runtime_version":12040,"cuda_driver_version":12040,"nvml_driver_version":"550.54.14"},"protocol":"socket"}""");
    }

    [Fact]
    public async Task RequiredResources_Asked_WithoutAuthorization()
    {
        _scene.Manager.RequiredImages = ["docker.io/nosana/one:1", "docker.io/nosana/two:2"];

        RequiredResources resources = await _scene.Client.RequiredResourcesAsync(_scene.Manager.Market, Cancel);

        Assert.Equal(_scene.Manager.RequiredImages, resources.Images);
        Sent("GET", $"/markets/{_scene.Manager.Market}/required-resources", null, "");
    }

    [Fact]
    public async Task CheckMarket_Asked_GpusAreJsonInAText()
    {
        MarketAdvice advice = await _scene.Client.CheckMarketAsync(ManagerScene.Specs.Gpus, Cancel);

        Assert.Equal((_scene.Manager.Market, false), (advice.Market!.Value, advice.MustChange));
        HostManagerRequest request = Assert.Single(_scene.Manager.Requests);
        Assert.Equal(($"/nodes/{Address}/check-market", FormA), (request.Path, request.Authorization));
        using var body = System.Text.Json.JsonDocument.Parse(request.Body);
        Assert.Equal("gpus", Assert.Single(body.RootElement.EnumerateObject()).Name);
        Assert.StartsWith("""{"devices":[{"index":0,""", body.RootElement.GetProperty("gpus").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckMarket_ChangeNeeded_SaysSo()
    {
        _scene.Manager.NeedsChangeMarket = true;

        Assert.Equal(new MarketAdvice(null, MustChange: true), await _scene.Client.CheckMarketAsync(ManagerScene.Specs.Gpus, Cancel));
    }

    [Fact]
    public async Task CheckMarket_Message_IsTheReason()
    {
        _scene.Network.Faults.HostManagerAnswer = """{"message":"no market for this GPU"}""";

        HostManagerException e = await Assert.ThrowsAsync<HostManagerException>(() => _scene.Client.CheckMarketAsync(ManagerScene.Specs.Gpus, Cancel));

        Assert.Equal((HostManagerFault.Refused, "no market for this GPU"), (e.Fault, e.Problem));
    }

    [Theory]
    [InlineData("[1,2,255]")]
    [InlineData("""{"0":1,"1":2,"2":255}""")]
    [InlineData("""{"type":"Buffer","data":[1,2,255]}""")]
    public async Task ChangeMarket_BytesAsJavaScriptPrintsThem_Read(string tx)
    {
        _scene.Network.Faults.HostManagerAnswer = $$"""{"tx":{{tx}},"newMarket":"{{_scene.Manager.Market}}"}""";

        MarketChange change = await _scene.Client.ChangeMarketAsync(Cancel);

        Assert.Equal([1, 2, 255], change.Transaction);
        Assert.Equal(_scene.Manager.Market, change.NewMarket);
        Sent("POST", "/nodes/change-market", FormA, $$"""{"address":"{{Address}}"}""");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[256]")]
    [InlineData("[1.5]")]
    [InlineData("""{"0":1,"2":2}""")]
    [InlineData("\"AQID\"")]
    [InlineData("null")]
    public async Task ChangeMarket_NoBytes_Nonsense(string tx)
    {
        _scene.Network.Faults.HostManagerAnswer = $$"""{"tx":{{tx}},"newMarket":"{{_scene.Manager.Market}}"}""";

        Assert.Equal(HostManagerFault.Nonsense, (await Assert.ThrowsAsync<HostManagerException>(() => _scene.Client.ChangeMarketAsync(Cancel))).Fault);
    }

    [Fact]
    public async Task Sync_Sent_Address()
    {
        await _scene.Client.SyncAsync(Cancel);

        Sent("POST", "/nodes/sync-node", FormA, $$"""{"address":"{{Address}}"}""");
    }

    [Fact]
    public async Task Rpc_Asked_TheUrl()
    {
        _scene.Manager.Rpc = new Uri("https://rpc.example/key");

        Assert.Equal(_scene.Manager.Rpc, await _scene.Client.RpcAsync(Cancel));
        Sent("GET", "/rpc", FormA, "");
    }

    [Theory]
    [InlineData("http://elsewhere.example/")]
    [InlineData("ftp://elsewhere.example/")]
    [InlineData("nonsense")]
    public async Task Rpc_NoHttps_Nonsense(string url)
    {
        _scene.Network.Faults.HostManagerAnswer = $$"""{"url":"{{url}}"}""";

        Assert.Equal(HostManagerFault.Nonsense, (await Assert.ThrowsAsync<HostManagerException>(() => _scene.Client.RpcAsync(Cancel))).Fault);
    }

    public static TheoryData<string> Calls => ["status", "heartbeat", "specs", "resources", "check", "change", "sync", "rpc"];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task AnyCall_ErrorStatus_Refused(string call)
    {
        foreach (int status in new[] { 302, 401, 404, 429, 500, 503 })
        {
            _scene.Network.Faults.HostManagerStatus = status;

            HostManagerException e = await Assert.ThrowsAsync<HostManagerException>(() => CallAsync(call));

            Assert.Equal(HostManagerFault.Refused, e.Fault);
            Assert.Contains($"{status}", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task AnyCall_ErrorObject_ItsMessage(string call)
    {
        _scene.Network.Faults.HostManagerAnswer = """{"name":"Error","message":"out of order"}""";

        HostManagerException e = await Assert.ThrowsAsync<HostManagerException>(() => CallAsync(call));

        Assert.Equal((HostManagerFault.Refused, "out of order"), (e.Fault, e.Problem));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task AnyCall_Silence_GivesUp(string call)
    {
        _scene.Network.Faults.HostManagerSilent = true;

        HostManagerException e = await Assert.ThrowsAsync<HostManagerException>(() => _scene.GivesUpAsync(CallAsync(call)));

        Assert.Equal(HostManagerFault.Silent, e.Fault);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task AnyCall_Nonsense_IsSaidToBe(string call)
    {
        if (call is "specs" or "sync") return; // their answers are not read
        string[] answers = ["", "<html>", "{", """{"status":"\ud800"}""", .. call == "heartbeat" ? [] : (string[])["null", "[]", "7", """{"status":1,"address":true,"url":{},"tx":3,"required_images":"none"}"""]];
        foreach (string answer in answers)
        {
            _scene.Network.Faults.HostManagerAnswer = answer;

            HostManagerException e = await Assert.ThrowsAsync<HostManagerException>(() => CallAsync(call));

            Assert.True(e.Fault == HostManagerFault.Nonsense, $"{answer}: {e.Message}");
        }
    }

    [Fact]
    public async Task AnyCall_AnswerWithoutEnd_Nonsense()
    {
        _scene.Network.Faults.HostManagerAnswer = new string(' ', 2 * 1024 * 1024);

        Assert.Equal(HostManagerFault.Nonsense, (await Assert.ThrowsAsync<HostManagerException>(() => _scene.Client.StatusAsync(Cancel))).Fault);
    }

    [Fact]
    public async Task AnyCall_NothingListens_Unreachable()
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0)); // bound and not listening: nobody else gets the port
        using var transport = new HostManagerTransport(
            new HttpClient(HostManagerTransport.Harden(new SocketsHttpHandler())),
            new Uri($"http://127.0.0.1:{((System.Net.IPEndPoint)socket.LocalEndPoint!).Port}"),
            _scene.Clock);

        HostManagerException e = await Assert.ThrowsAsync<HostManagerException>(() => new HostManagerClient(transport, HostAuthorizationTests.KeyA).StatusAsync(Cancel));

        Assert.Equal(HostManagerFault.Unreachable, e.Fault);
    }

    [Fact]
    public async Task AnyCall_Cancelled_IsNoFaultOfTheService()
    {
        _scene.Network.Faults.HostManagerSilent = true;
        using var cancel = new CancellationTokenSource();
        Task<NodeStatus> call = _scene.Client.StatusAsync(cancel.Token);
        await Nosana.Testing.Eventually.TrueAsync(() => _scene.Manager.Requests.Count > 0, "the request has arrived");
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private Task CallAsync(string call) => call switch
    {
        "status" => _scene.Client.StatusAsync(Cancel),
        "heartbeat" => _scene.Client.HeartbeatAsync(Cancel),
        "specs" => _scene.Client.SubmitSpecsAsync(ManagerScene.Specs, Cancel),
        "resources" => _scene.Client.RequiredResourcesAsync(_scene.Manager.Market, Cancel),
        "check" => _scene.Client.CheckMarketAsync(ManagerScene.Specs.Gpus, Cancel),
        "change" => _scene.Client.ChangeMarketAsync(Cancel),
        "sync" => _scene.Client.SyncAsync(Cancel),
        _ => _scene.Client.RpcAsync(Cancel),
    };

    private void Sent(string method, string path, string? authorization, string body)
    {
        HostManagerRequest request = Assert.Single(_scene.Manager.Requests);
        Assert.Equal((method, path, authorization, "application/json", body), (request.Method, request.Path, request.Authorization, request.ContentType, request.Body));
    }
}
