using System.Globalization;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>Jobs that keep the agent itself at work: with what it looks for in their output, and with what it asks the engine for them.</summary>
public sealed class WorkAttackTests : IAsyncLifetime
{
    /// <summary>Of a job of 200 operations at once: 32 for queries, and what else an agent has open.</summary>
    private const int MaxSockets = 60;

    private readonly string _directory = Directory.CreateTempSubdirectory("nosana-work-").FullName;
    private readonly TestEngine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _engine.Client.PullImageAsync(Definitions.Image, null, null, Token);

    public ValueTask DisposeAsync()
    {
        _engine.Dispose();
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Patterns_ThatNeverEnd_HaveOneBudgetForTheWholeJob()
    {
        // Half a second each; of two operations, since the budget is the job's.
        string[] many = await ResultsAsync(operations: 2, patterns: 15), few = await ResultsAsync(operations: 1, patterns: 2);

        Assert.Equal(30, many.Length);
        Assert.True(many.Count(text => text.Contains("was not tried", StringComparison.Ordinal)) >= 15, string.Join('\n', many));
        Assert.All(few, text => Assert.Contains("took longer than 0.5 s on one entry", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Engine_AskedForManyThingsAtOnce_HasFewConnections()
    {
        var ops = new JsonArray([.. Enumerable.Range(0, 200).Select(at => (JsonNode)new JsonObject
        {
            ["type"] = "container/create-volume", ["id"] = $"v{at}", ["args"] = new JsonObject { ["name"] = $"v{at}" },
        })]);
        int most = 0;
        (_, JsonNode result) = await RunAsync(ops, process => most = Math.Max(most, SocketsOf(process)));

        Assert.All(result["opStates"]!.AsArray(), op => Assert.Equal("success", Definitions.StatusOf(op!)));
        TestContext.Current.SendDiagnosticMessage($"{most} sockets");
        Assert.InRange(most, 1, MaxSockets);
    }

    private async Task<string[]> ResultsAsync(int operations, int patterns)
    {
        JsonObject wanted = new([.. Enumerable.Range(0, patterns).Select(at => KeyValuePair.Create($"r{at}", (JsonNode?)"(a+)+$"))]);
        var ops = new JsonArray([.. Enumerable.Range(0, operations).Select(at => (JsonNode)new JsonObject
        {
            ["type"] = "container/run",
            ["id"] = $"op{at}",
            ["args"] = new JsonObject { ["image"] = Definitions.Image, ["cmd"] = $"echo {new string('a', 40)}b" },
            ["results"] = wanted.DeepClone(),
        })]);
        (_, JsonNode result) = await RunAsync(ops, _ => { });
        return [.. result["opStates"]!.AsArray().SelectMany(op => op!["results"]!.AsObject()).Select(pair => pair.Value!.ToString())];
    }

    private async Task<(int Code, JsonNode Result)> RunAsync(JsonArray ops, Action<int> watch)
    {
        string file = NodeProcess.Write(_directory, new JsonObject
        {
            ["version"] = "0.1",
            ["type"] = "container",
            ["meta"] = new JsonObject { ["trigger"] = "cli" },
            ["ops"] = ops,
        }.ToJsonString());
        await using NodeProcess process = NodeProcess.Start(_directory, ["run", file, "--docker", _engine.Endpoint.OriginalString, "--no-admission"]);
        Task<int> exit = process.ExitAsync(TimeSpan.FromSeconds(120));
        await Sampling.UntilAsync(exit, () => watch(process.Id));
        return (await exit, JsonNode.Parse(process.Output)!);
    }

    private static int SocketsOf(int process)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/fd")
                .Count(file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // it has ended in this moment
        }
    }
}
