using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary><c>run FILE</c>: the flow's end is the exit code, the result the answer, and nothing stays.</summary>
public sealed class RunTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("nosana-run-tests-").FullName;
    private readonly TestEngine _engine = new();

    /// <summary>Marks this test's containers among those of others on the engine.</summary>
    private readonly string _mark = Guid.NewGuid().ToString("N");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        await _engine.Client.PullImageAsync(Definitions.Image, null, null, Token);

    public async ValueTask DisposeAsync()
    {
        EngineClient client = _engine.Client;
        var reaper = new JobReaper(client, new ContainerRuntime(client, NullLogger<ContainerRuntime>.Instance), new JobNetworks(client), new JobVolumes(client));
        foreach (ContainerListResponse container in await MineAsync()) await reaper.RemoveAllOfJobAsync(container.Labels[EngineLabels.Job]);
        _engine.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Run_FlowSucceeds_ExitsWithZeroAndPrintsTheResult()
    {
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, Arguments(Definitions.Shell("echo out; echo err >&2")));
        Assert.True(code == 0, text);
        JsonNode result = JsonNode.Parse(output)!;
        Assert.Equal("success", Definitions.StatusOf(result));
        Assert.Equal(["err", "out"], Definitions.LinesOf(Definitions.Op(result)).Order());
    }

    [Fact]
    public async Task Run_OperationFails_ExitsWithOne()
    {
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, Arguments(Definitions.Shell("exit 7")));
        Assert.True(code == 1, text);
        JsonNode result = JsonNode.Parse(output)!;
        Assert.Equal(("failed", 7), (Definitions.StatusOf(result), Definitions.Op(result)["exitCode"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Run_ListLikeAShellLine_EndsWith127AndSaysWhatToWrite()
    {
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, Arguments(Definitions.Exec("echo one && echo two")));
        Assert.True(code == 1, text);
        JsonNode result = JsonNode.Parse(output)!;
        Assert.Equal(("failed", 127), (Definitions.StatusOf(result), Definitions.Op(result)["exitCode"]!.GetValue<int>()));
        string error = Assert.Single(Definitions.Op(result)["errors"]!.AsArray())!["message"]!.GetValue<string>();
        Assert.Contains("a list is not run by a shell", error, StringComparison.Ordinal);
        Assert.Contains("\"cmd\": \"echo one && echo two\"", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OperationIsCalledByItsId_AnswersInTheJobsNetwork()
    {
        const string Serve = "echo hello from it | nc -l -p 8080", Call = "until nc Web-1 8080 < /dev/null | grep hello; do sleep 0.2; done";
        string Op(string id, string line, string more) =>
            $$$"""{"type":"container/run","id":"{{{id}}}","args":{"image":"{{{Definitions.Image}}}","cmd":"{{{line}}}"},"execution":{"group":"g"{{{more}}}}}""";
        string definition = $$"""{"version":"0.1","type":"container","ops":[{{Op("Web-1", Serve, "")}},{{Op("client", Call, ""","depends_on":["Web-1"]""")}}]}""";
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, [.. Arguments(definition), "--timeout", "60"]);
        Assert.True(code == 0, text);
        JsonNode result = JsonNode.Parse(output)!;
        Assert.Equal(["hello from it"], Definitions.LinesOf(Definitions.Op(result, 1)).Where(line => line.StartsWith("hello", StringComparison.Ordinal)));
        Assert.Equal("success", Definitions.StatusOf(result));
        Assert.False(Definitions.Op(result, 1)["diagnostics"]!["reason"]!["jobExpired"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Run_DefinitionIsInvalid_ExitsWithTwoAndNamesThePlace()
    {
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, Arguments("""{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"op","args":{"cmd":"true"}}]}"""));
        Assert.True(code == 2, text);
        Assert.Empty(output);
        Assert.Contains("ops[0].args", text, StringComparison.Ordinal);
        Assert.Contains("image", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FileIsMissing_ExitsWithTwo()
    {
        (int code, _, string text) = await NodeProcess.RunAsync(_home, "run", "absent.json");
        Assert.True(code == 2, text);
        Assert.Contains("absent.json", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AsksForMoreThanTheGpuHas_ExitsWithTwoUnlessToldToRunAllTheSame()
    {
        string[] arguments = Arguments(Definitions.Greedy());
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, arguments);
        Assert.True(code == 2, text);
        Assert.Empty(output);
        Assert.Contains("--no-admission", text, StringComparison.Ordinal);
        if (File.Exists("/dev/nvidiactl")) return; // with a GPU the engine is asked for it
        (code, output, text) = await NodeProcess.RunAsync(_home, [.. arguments, "--no-admission"]);
        Assert.True(code == 0, text);
        Assert.Equal(["never"], Definitions.LinesOf(Definitions.Op(JsonNode.Parse(output)!)));
    }

    [Fact]
    public async Task Run_EngineDoesNotAnswer_ExitsWithTwoAndNamesIt()
    {
        string file = Write(Definitions.Shell("true"));
        (int code, _, string text) = await NodeProcess.RunAsync(_home, "run", file, "--docker", "unix:///nonexistent/engine.sock");
        Assert.True(code == 2, text);
        Assert.Contains("/nonexistent/engine.sock", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TimeIsUp_EndsWithSuccess()
    {
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, [.. Arguments(Definitions.Exec("sleep", "infinity")), "--timeout", "2"]);
        Assert.True(code == 0, text);
        Assert.True(Definitions.Op(JsonNode.Parse(output)!)["diagnostics"]!["reason"]!["jobExpired"]!.GetValue<bool>());
        Assert.Empty(await MineAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_InterruptedOrTerminated_ExitsWith130AndLeavesNothing(bool interrupt)
    {
        await using NodeProcess process = NodeProcess.Start(_home, Arguments(Definitions.Shell("echo begun; exec sleep infinity")));
        await process.LineAsync(" started");
        Assert.Single(await MineAsync());

        if (interrupt) process.Interrupt();
        else process.Terminate();

        int code = await process.ExitAsync();
        Assert.True(code == 130, $"{code}: {process.Text}");
        Assert.Equal(("success", "stopped"), Definitions.StatusesOf(JsonNode.Parse(process.Output)!));
        Assert.Empty(await MineAsync());
    }

    [Fact]
    public async Task Run_OptionThatDoesNotExist_IsNamed()
    {
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, ["run", "--dokcer", "unix:///x.sock", Write(Definitions.Shell("true"))]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("There is no option '--dokcer'", text, StringComparison.Ordinal);
    }

    private string[] Arguments(string definition) => ["run", Write(definition), "--docker", _engine.Endpoint.OriginalString];

    private string Write(string definition)
    {
        JsonNode marked = JsonNode.Parse(definition)!;
        marked["ops"]![0]!["args"]!["env"] = new JsonObject { ["TEST_MARK"] = _mark };
        return NodeProcess.Write(_home, marked.ToJsonString());
    }

    private async Task<IReadOnlyList<ContainerListResponse>> MineAsync()
    {
        var mine = new List<ContainerListResponse>();
        foreach (ContainerListResponse found in await _engine.Client.ListContainersAsync(new ContainersListParameters { All = true, Filters = new DockerFilters { { "label", EngineLabels.Job } } }, CancellationToken.None))
        {
            try
            {
                ContainerInspectResponse container = await _engine.Client.InspectContainerAsync(found.ID, CancellationToken.None);
                if (container.Config?.Env?.Contains($"TEST_MARK={_mark}") == true) mine.Add(found);
            }
            catch (DockerContainerNotFoundException)
            {
                // another test's, which has ended in between
            }
        }
        return mine;
    }
}
