using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>
/// Through the resources that a definition names, which the agent fetches: what is out of its containers' reach, and answers that are to fill it.
/// The agent is a process of its own, as a person starts it.
/// </summary>
[Collection(LanStandIn.Addresses)]
public sealed class SourceAttackTests : IAsyncLifetime
{
    private const string Internet = "5.5.5.5", OtherRange = "7.7.7.7", Own = "6.6.6.6", Neighbour = "2a00:1111::20", OnLink = "2a00:1111::1/64";
    private const int Port = 9091;

    /// <summary>Of an agent, whatever it is sent.</summary>
    private const long MaxMemory = 300L << 20;

    private readonly string _directory = Directory.CreateTempSubdirectory("nosana-source-").FullName;
    private readonly TestEngine _engine = new();
    private LanStandIn _lan = null!;
    private HostileSource _there = null!, _here = null!;
    private int _ownPort;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _engine.Client.PullImageAsync(Definitions.Image, null, null, Token);
        _lan = await LanStandIn.StartAsync([Internet, OtherRange, Neighbour], "nosana-src", "10.251.0.1");
        await _lan.AddOwnAsync($"{Own}/32");
        await _lan.AddOwnAsync(OnLink);
        _there = await HostileSource.StartAsync(await _lan.ListenThereAsync(Port));
        var here = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        here.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        here.Listen();
        _ownPort = ((IPEndPoint)here.LocalEndPoint!).Port;
        _here = await HostileSource.StartAsync(here);
    }

    public async ValueTask DisposeAsync()
    {
        if (_there is not null) await _there.DisposeAsync();
        if (_here is not null) await _here.DisposeAsync();
        if (_lan is not null) await _lan.DisposeAsync();
        _engine.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("own", false)]
    [InlineData("own", true)]
    [InlineData("neighbour", false)]
    [InlineData("neighbour", true)]
    [InlineData("refused", false)]
    [InlineData("refused", true)]
    public async Task Address_OfThisMachineOrNearIt_IsNotAsked(string which, bool redirected)
    {
        string host = which switch { "own" => $"{Own}:{_ownPort.ToString(CultureInfo.InvariantCulture)}", "neighbour" => $"[{Neighbour}]:{Port}", _ => $"{OtherRange}:{Port}" };
        HostileSource asked = which == "own" ? _here : _there;
        string url = redirected ? $"http://{Internet}:{Port}/redir/{host}__honest__x__secret" : $"http://{host}/honest/x";
        string[] refuse = which == "refused" ? ["--timeout", "60", "--refuse", "7.0.0.0/8"] : ["--timeout", "60"];
        // Where the range is not refused, or the operator names the place himself, the same is fetched.
        string[] loose = which == "refused" ? ["--timeout", "60"] : ["--timeout", "60", "--mirror", $"http://{host}=http://{host}", "--mirror", $"http://{Internet}:{Port}=http://{Internet}:{Port}"];

        Run refusal = await RunAsync([Resource(url, signed: !redirected)], refuse);
        bool wasAsked = asked.Requests.Any(request => request.Contains("/honest", StringComparison.Ordinal));
        Run control = await RunAsync([Resource(url, signed: !redirected)], loose);

        Assert.Contains("is not on the public internet", refusal.Errors, StringComparison.Ordinal);
        Assert.False(wasAsked);
        Assert.DoesNotContain(HostileSource.Secret, refusal.Text, StringComparison.Ordinal);
        Assert.True(control.Text.Contains(HostileSource.Secret, StringComparison.Ordinal), control.Text);
    }

    [Theory]
    [InlineData("endless", true, "more than 50000 files")]
    [InlineData("endless", false, "more than 50000 files")]
    [InlineData("bigkey", true, "longer than 4194304 bytes")]
    [InlineData("bigkey", false, "longer than 4194304 bytes")]
    [InlineData("wide", true, "longer than 4194304 bytes")]
    [InlineData("wide", false, "longer than 4194304 bytes")]
    [InlineData("attributes", true, "longer than 4194304 bytes")]
    [InlineData("deep", true, "longer than 4194304 bytes")]
    [InlineData("deep", false, "longer than 4194304 bytes")]
    [InlineData("error", true, "longer than 65536 bytes")]
    [InlineData("circle", true, "leads back to a page")]
    [InlineData("circle", false, "leads back to a page")]
    [InlineData("empty", true, "more than 1000 pages")]
    [InlineData("most", true, "it does not exist")]
    [InlineData("drip", true, "has not got on for 15 s")]
    [InlineData("silent", false, "has not got on for 15 s")]
    public async Task Listing_WithoutEnd_LeavesTheAgentSmall(string kind, bool signed, string expected)
    {
        Run run = await RunAsync([Resource($"http://{Internet}:{Port}/{kind}/x", signed)], "--timeout", "60");

        TestContext.Current.SendDiagnosticMessage($"{kind}, signed {signed}: {run.Peak >> 20} MiB");
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
        Assert.InRange(run.Peak, 1, MaxMemory);
    }

    [Theory]
    [InlineData("wide")]
    [InlineData("bigkey")]
    [InlineData("most")]
    public async Task Listing_OfEightOperationsAtOnce_LeavesTheAgentSmall(string kind)
    {
        Run run = await RunAsync([.. Enumerable.Range(0, 8).Select(_ => Resource($"http://{Internet}:{Port}/{kind}/x", signed: true))], "--timeout", "60");

        TestContext.Current.SendDiagnosticMessage($"{kind} eight times: {run.Peak >> 20} MiB");
        Assert.Equal(8, run.Result["opStates"]!.AsArray().Count(op => Definitions.StatusOf(op!) == "failed"));
        Assert.InRange(run.Peak, 1, MaxMemory);
    }

    [Theory]
    [InlineData("cut", "has not got on for 5 s")]
    [InlineData("huge", "a resource may have 2199023255552 at most")]
    public async Task File_ThatNeverComes_IsTheDefinitionsFault(string kind, string expected)
    {
        JsonObject resource = Resource($"http://{Internet}:{Port}/{kind}", signed: false);
        resource["files"] = new JsonArray("f");

        Run run = await RunAsync([resource], "--timeout", "20");

        // Finished with its error, not refused.
        Assert.Equal(1, run.Code);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    private static JsonObject Resource(string url, bool signed)
    {
        var resource = new JsonObject { ["type"] = "S3", ["url"] = url, ["target"] = "/data" };
        if (signed) resource["IAM"] = new JsonObject { ["REGION"] = "us-east-1", ["ACCESS_KEY_ID"] = "a", ["SECRET_ACCESS_KEY"] = "b" };
        return resource;
    }

    /// <summary>Runs a job of one operation for each resource, which prints what it was given.</summary>
    private async Task<Run> RunAsync(IReadOnlyList<JsonObject> resources, params string[] options)
    {
        JsonNode definition = JsonNode.Parse(Definitions.Shell("cat /data/*"))!;
        JsonArray ops = definition["ops"]!.AsArray();
        JsonNode first = ops[0]!.DeepClone();
        ops.Clear();
        foreach (JsonObject resource in resources)
        {
            JsonNode op = first.DeepClone();
            op["id"] = $"op{ops.Count}";
            op["args"]!["resources"] = new JsonArray(resource.DeepClone());
            ops.Add(op);
        }
        string file = NodeProcess.Write(_directory, definition.ToJsonString());
        await using NodeProcess process = NodeProcess.Start(_directory, ["run", file, "--docker", _engine.Endpoint.OriginalString, "--no-admission", .. options]);
        Task<int> exit = process.ExitAsync(TimeSpan.FromSeconds(120));
        long peak = await PeakMemory.OfAsync(process.Id, exit);
        return new Run(await exit, process.Output.Length > 0 ? JsonNode.Parse(process.Output)! : new JsonObject(), process.Text, peak);
    }

    private sealed record Run(int Code, JsonNode Result, string Text, long Peak)
    {
        public string Errors => Definitions.ErrorsOf(Result);
    }
}
