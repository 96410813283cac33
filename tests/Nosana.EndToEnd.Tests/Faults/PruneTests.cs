using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine;

namespace Nosana.EndToEnd.Tests.Faults;

/// <summary>Somebody prunes the engine while a job runs, between two of its operations.</summary>
public sealed class PruneTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("nosana-prune-").FullName;
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
    public async Task Run_VolumeIsPrunedBetweenOperations_TheNextOneIsToldThatItIsEmpty()
    {
        const string Mount = """ "volumes":[{"name":"data","dest":"/data"}] """;
        string ops = string.Join(',',
            """{"type":"container/create-volume","id":"v","args":{"name":"data"}}""",
            Op("write", $""" "cmd":"echo kept > /data/file",{Mount} """, ""),
            Op("meanwhile", """ "cmd":"exec sleep infinity" """, """ "timeout":10 """),
            Op("read", $""" "cmd":"ls /data",{Mount} """, ""));
        await using NodeProcess run = NodeProcess.StartRun(
            _home, $$"""{"version":"0.1","type":"container","ops":[{{ops}}]}""", _engine.Endpoint);
        ContainerListResponse meanwhile = await RunningAsync("meanwhile");
        await _engine.Client.RemoveVolumeAsync($"{meanwhile.Labels[EngineLabels.Job]}-data", Token);

        int code = await run.ExitAsync();

        Assert.True(code == 0, run.Text);
        JsonNode read = Definitions.Op(JsonNode.Parse(run.Output)!, 3);
        Assert.Empty(Definitions.LinesOf(read));
        JsonNode told = Assert.Single(read["logs"]!.AsArray())!;
        Assert.Equal("nodeerr", told["type"]!.GetValue<string>());
        Assert.Contains("what was in it is lost", told["log"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("Volume data of the job was removed while it ran", run.Text, StringComparison.Ordinal);
    }

    private static string Op(string id, string args, string execution) =>
        $$$"""{"type":"container/run","id":"{{{id}}}","args":{"image":"{{{Definitions.Image}}}",{{{args}}}},"execution":{ {{{execution}}} } }""";

    private async Task<ContainerListResponse> RunningAsync(string op)
    {
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        var filter = new ContainersListParameters { Filters = new DockerFilters { { "label", $"{EngineLabels.Op}={op}" } } };
        while (System.Diagnostics.Stopwatch.GetElapsedTime(began) < NodeProcess.Deadline)
            if ((await _engine.Client.ListContainersAsync(filter, Token)).FirstOrDefault() is { State: "running" } found) return found;
        throw new TimeoutException($"Operation {op} does not run.");
    }
}
