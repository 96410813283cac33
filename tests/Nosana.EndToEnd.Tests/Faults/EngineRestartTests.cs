using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Docker.Tests;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine;

namespace Nosana.EndToEnd.Tests.Faults;

/// <summary>The engine ends, or is killed, under a job that <c>run</c> runs, and starts again: what it then says of the container is what the result says.</summary>
public sealed class EngineRestartTests(RestartableEngine engine) : IClassFixture<RestartableEngine>, IDisposable
{
    private const int GoodbyeCode = 3;

    /// <summary>Prints twenty lines at once, then waits, and says goodbye when it is told to end.</summary>
    private const string Polite = "trap 'echo bye; exit 3' TERM; i=0; while [ $i -lt 20 ]; do echo line $i; i=$((i+1)); done; while :; do sleep 0.1; done";

    private static readonly string[] s_lines = [.. Enumerable.Range(0, 20).Select(line => $"line {line}"), "bye"];

    private readonly string _home = Directory.CreateTempSubdirectory("nosana-restart-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task Run_EngineIsRestarted_TheResultIsWhatTheEngineThenSays(string signal)
    {
        await engine.UseAsync();
        await using NodeProcess run = Start(Definitions.Shell(Polite));
        string id = await ContainerAsync(run, "line 19");

        // The agent finds the engine only when the test has asked it first.
        engine.Hide();
        await engine.StopAsync(signal);
        await engine.StartAsync();
        (State State, IReadOnlyList<string> Lines)? said = await AskAsync(id);
        engine.Show();
        JsonNode op = Definitions.Op(await ResultAsync(run, 1));

        Assert.Equal("failed", op["status"]!.GetValue<string>());
        Assert.Equal(s_lines, Definitions.LinesOf(op));
        Assert.True(op["errors"] is not JsonArray { Count: > 0 }, op.ToJsonString());
        Assert.Equal(GoodbyeCode, op["exitCode"]!.GetValue<int>());
        // An engine that is told to end still answers whoever is connected: by then the job may be over and its container removed.
        if (signal == "KILL") Assert.NotNull(said);
        if (said is not { } container) return;
        Assert.Equal(container.State.ExitCode, op["exitCode"]!.GetValue<int>());
        Assert.Equal(container.State.FinishedAt, op["diagnostics"]!["state"]!["FinishedAt"]!.GetValue<string>());
        Assert.Equal(container.Lines, Definitions.LinesOf(op));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task Run_EngineIsRestartedUnderItsContainers_TheJobGoesOn(string signal)
    {
        await engine.UseAsync("--live-restore");
        await using NodeProcess run = Start(Definitions.Shell("trap 'echo bye; exit 0' TERM; i=0; while :; do echo line $i; i=$((i+1)); sleep 0.1; done"));
        string id = await ContainerAsync(run, "line 3");

        await engine.StopAsync(signal);
        int before = run.Lines.Count;
        await engine.StartAsync();
        // What a container prints last while there is no engine is lost with it; this one ends when there is one again.
        await run.LineAsync("line ", before);
        await engine.Test.Client.StopContainerAsync(id, 10, Token);

        JsonNode op = Definitions.Op(await ResultAsync(run, 0));
        IReadOnlyList<string> lines = Definitions.LinesOf(op);
        Assert.Equal((id, "bye"), (op["providerId"]!.GetValue<string>(), lines[^1]));
        Assert.Equal(Enumerable.Range(0, lines.Count - 1).Select(line => $"line {line}"), lines.SkipLast(1));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task Run_EngineStartsTheContainerAgain_TheJobGoesOn(string signal)
    {
        await engine.UseAsync();
        await using NodeProcess run = Start(Definitions.Shell(
            "if [ -e /begun ]; then echo again; exit 0; fi; touch /begun; echo begun; exec sleep infinity",
            new JsonObject { ["restart_policy"] = new JsonObject { ["policy"] = "on-failure" } }));
        await ContainerAsync(run, "begun");

        await engine.StopAsync(signal);
        await engine.StartAsync();

        JsonNode result = await ResultAsync(run, 0);
        Assert.Equal("success", Definitions.StatusOf(result));
        Assert.Equal(["begun", "again"], Definitions.LinesOf(Definitions.Op(result)));
    }

    private NodeProcess Start(string definition) => NodeProcess.StartRun(_home, definition, engine.Agents.Endpoint);

    /// <summary>The job's container once it has printed a line.</summary>
    private async Task<string> ContainerAsync(NodeProcess run, string line)
    {
        await run.LineAsync(line);
        var parameters = new ContainersListParameters { Filters = new DockerFilters { { "label", EngineLabels.Job } } };
        return Assert.Single(await engine.Test.Client.ListContainersAsync(parameters, Token)).ID;
    }

    /// <summary>State and output of a container; null when it is not there any more.</summary>
    private async Task<(State State, IReadOnlyList<string> Lines)?> AskAsync(string id)
    {
        try
        {
            ContainerInspectResponse found = await engine.Test.Client.InspectContainerAsync(id, Token);
            var all = new ContainerLogsParameters { ShowStdout = true, ShowStderr = true };
            await using MultiplexedStream output = await engine.Test.Client.OpenOutputAsync(id, all, Token);
            (string text, _) = await output.ReadOutputToEndAsync(Token);
            return (found.State!, text.TrimEnd('\n').Split('\n'));
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    private async Task<JsonNode> ResultAsync(NodeProcess run, int expected)
    {
        int code = await run.ExitAsync(3 * NodeProcess.Deadline);
        Assert.True(code == expected, $"run ended with {code}:\n{run.Text}");
        IList<ContainerListResponse> left = await engine.Test.Client.ListContainersAsync(new ContainersListParameters { All = true }, Token);
        Assert.Empty(left);
        return JsonNode.Parse(run.Output)!;
    }
}
