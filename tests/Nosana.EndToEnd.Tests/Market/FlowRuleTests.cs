using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Faults;
using Nosana.EndToEnd.Tests.Support;
using Barrier = Nosana.EndToEnd.Tests.Faults.Barrier;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>The newer official host's rules of a flow, as <c>run</c> carries them out on an engine.</summary>
public sealed class FlowRuleTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("nosana-flow-tests-").FullName;
    private readonly TestEngine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _engine.Client.PullImageAsync(Definitions.Image, null, null, Token);

    public ValueTask DisposeAsync()
    {
        _engine.Dispose();
        Directory.Delete(_home, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Run_ServerNamesItsBenchmark_StartsFirstIsReadyAndEndsWithIt()
    {
        const string Serve = "mkdir /www; echo served > /www/index.html; sleep 2; exec httpd -f -p 8080 -h /www";
        const string Check = """{"type":"http","path":"/","method":"GET","expected_status":200,"continuous":false}""";
        // One try: a benchmark that starts before its server is ready fails.
        string benchmark = Op("benchmark", """ "cmd":"wget -q -O - http://%%ops.server.container_ip%%:8080/ && echo version %%global.version%%" """, """ "group":"g" """);
        string server = Op("server", $$""" "cmd":"{{Serve}}","expose":[{"port":8080,"health_checks":[{{Check}}]}] """,
            """ "group":"g","depends_on":["benchmark"],"stop_if_dependent_stops":true """);

        (int code, JsonNode result, string text) = await RunAsync([benchmark, server], "--timeout", "120");

        Assert.True(code == 0, text);
        Assert.Equal("served", Definitions.LinesOf(Definitions.Op(result))[0]);
        Assert.Matches(@"^version \d+\.\d+\.\d+", Definitions.LinesOf(Definitions.Op(result))[1]);
        Assert.Equal(["success", "stopped"], result["opStates"]!.AsArray().Select(op => op!["status"]!.GetValue<string>()));
        Assert.True(Definitions.Op(result, 1)["startTime"]!.GetValue<long>() < Definitions.Op(result)["startTime"]!.GetValue<long>());
        Assert.Equal("success", Definitions.StatusOf(result));
    }

    [Fact]
    public async Task Run_OperationExceedsItsTimeout_IsStoppedWithItsReasonAndTheNextOneRuns()
    {
        (int code, JsonNode result, string text) = await RunAsync(
            [Op("long", """ "cmd":"echo begun; exec sleep infinity" """, """ "timeout":2 """), Op("next", """ "cmd":"echo next" """, "")]);

        Assert.True(code == 0, text);
        Assert.Equal(["success", "success"], result["opStates"]!.AsArray().Select(op => op!["status"]!.GetValue<string>()));
        Assert.Equal("Operation killed after exceeding its timeout of 2s", Definitions.Op(result)["diagnostics"]!["reason"]!["reason"]!.GetValue<string>());
        Assert.Equal(["begun"], Definitions.LinesOf(Definitions.Op(result)));
        Assert.InRange(Definitions.Op(result)["endTime"]!.GetValue<long>() - Definitions.Op(result)["startTime"]!.GetValue<long>(), 2_000, 20_000);
        Assert.Equal(["next"], Definitions.LinesOf(Definitions.Op(result, 1)));
    }

    [Fact]
    public async Task Run_ExpiresAfterAnOperationFailed_TheFlowIsFailed()
    {
        (int code, JsonNode result, string text) = await RunAsync(
            [Op("broken", """ "cmd":"exit 7" """, ""), Op("serving", """ "cmd":"exec sleep infinity" """, ""), Op("never", """ "cmd":"true" """, "")], "--timeout", "8");

        Assert.True(code == 1, text);
        Assert.Equal(["failed", "success", "success"], result["opStates"]!.AsArray().Select(op => op!["status"]!.GetValue<string>()));
        Assert.Equal("failed", Definitions.StatusOf(result));
        Assert.Equal("Operation stopped due to flow expired", Definitions.Op(result, 2)["diagnostics"]!["reason"]!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Run_RegistryTakesConnectionsAndSaysNothing_IsNeverASuccessAndSaysWhy()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string registry = silent.LocalEndpoint.ToString()!;
        string op = $$$"""{"type":"container/run","id":"op","args":{"image":"{{{registry}}}/never/comes:1"}}""";

        (int code, JsonNode result, string text) = await RunAsync([op, Op("later", """ "cmd":"true" """, "")], "--timeout", "8", "--registry", registry);

        Assert.True(code == 1, text);
        Assert.Equal("failed", Definitions.StatusOf(result));
        Assert.Equal("failed", Definitions.Op(result)["status"]!.GetValue<string>());
        Assert.Null(Definitions.Op(result)["providerId"]);
        JsonNode error = Assert.Single(Definitions.Op(result)["errors"]!.AsArray())!;
        Assert.Equal("image-pull-error", error["event"]!.GetValue<string>());
        Assert.Contains("it has not got on for 2 s", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ImageOfAnotherArchitecture_IsRefusedBeforeALayerComes()
    {
        await using var registry = new LoopbackRegistry();
        await registry.StartAsync();
        await BallastImage.PushAsync(registry, 1 << 20, "s390x");
        // More than the manifest and the configuration never passes it.
        await using var barrier = new Barrier(registry.Port, 256 << 10);
        string op = $$$"""{"type":"container/run","id":"op","args":{"image":"{{{BallastImage.At(barrier.Port)}}}"}}""";

        (int code, JsonNode result, string text) = await RunAsync([op], "--registry", $"127.0.0.1:{barrier.Port}");

        Assert.True(code == 1, text);
        JsonNode error = Assert.Single(Definitions.Op(result)["errors"]!.AsArray())!;
        Assert.Equal("image-pull-error", error["event"]!.GetValue<string>());
        Assert.Contains("it is for linux/s390x, and this host's engine runs linux/amd64", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.False(barrier.Reached.IsCompleted);
    }

    [Fact]
    public async Task Run_TrustedExecutionIsAskedFor_IsRefusedBeforeAnythingIsPulled()
    {
        string op = """{"type":"container/run","id":"op","args":{"image":"127.0.0.1:1/never/pulled:1","trusted_execution_env":"SEV-SNP"}}""";

        (int code, string output, string text) = await NodeProcess.RunAsync(_home, Arguments([op]));

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("asks for a trusted execution environment", text, StringComparison.Ordinal);
        Assert.DoesNotContain("never/pulled", text, StringComparison.Ordinal);
    }

    private static string Op(string id, string args, string execution) =>
        $$$"""{"type":"container/run","id":"{{{id}}}","args":{"image":"{{{Definitions.Image}}}",{{{args}}}},"execution":{ {{{execution}}} } }""";

    private async Task<(int Code, JsonNode Result, string Text)> RunAsync(IReadOnlyList<string> ops, params IReadOnlyList<string> options)
    {
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, [.. Arguments(ops), .. options]);
        return (code, JsonNode.Parse(output) ?? throw new InvalidOperationException(text), text);
    }

    private string[] Arguments(IReadOnlyList<string> ops) =>
    [
        "run", NodeProcess.Write(_home, $$"""{"version":"0.1","type":"container","ops":[{{string.Join(',', ops)}}]}"""), "--docker", _engine.Endpoint.OriginalString,
    ];
}
