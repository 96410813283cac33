using System.Globalization;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Jobs.State;
using Nosana.Node.Logs;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>At what the host keeps in memory and sends of a job's output. The control is the same output made a result without the budget.</summary>
public sealed class ResultAttackTests : IAsyncLifetime
{
    private const int Operations = 48;
    private const long ResultBytes = 16L << 20, MemoryBytes = 300L << 20;

    private readonly MarketHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Result_ControlCharactersOfManyOperations_StaysWithinItsBudgetAndTheHostServesOn()
    {
        string print = "l=$(head -c 160 /dev/zero | tr '\\0' '\\1'); i=0; while [ $i -lt 20000 ]; do echo \"$l\"; i=$((i+1)); done";
        JsonNode one = JsonNode.Parse(Definitions.Shell(print))!;
        JsonNode op = one["ops"]![0]!;
        one["ops"] = new JsonArray([.. Enumerable.Range(0, Operations).Select(index =>
        {
            JsonNode copy = op.DeepClone();
            copy["id"] = $"op{index}";
            copy["results"] = new JsonObject { ["all"] = ".*" };
            copy["execution"] = new JsonObject { ["group"] = $"g{index % 6}" }; // eight at a time
            return copy;
        })]);
        PublicKey job = await _host.Network.PostAsync(one.ToJsonString(), timeout: 600);
        await _host.UntilAsync(() => _host.Network.IsSettled(job), "the job is settled", TimeSpan.FromMinutes(6));
        byte[] pinned = _host.Network.ResultBytesOf(job);
        JsonNode result = JsonNode.Parse(pinned)!;
        Assert.Equal("success", Definitions.StatusOf(result));
        Assert.InRange(pinned.Length, ResultBytes / 2, ResultBytes);
        Assert.All(result["opStates"]!.AsArray(), state => Assert.InRange(state!["logs"]!.AsArray().Count, 50, 24_999));
        Assert.All(result["opStates"]!.AsArray(), state => Assert.NotNull(state!["logsDropped"]));
        long peak = PeakMemory(_host.Process.Id);
        TestContext.Current.TestOutputHelper?.WriteLine($"{pinned.Length} bytes of result, {peak} bytes of memory at most");
        Assert.InRange(peak, 1, MemoryBytes);
        (_, JsonNode next) = await _host.CompletedAsync(await _host.Network.PostAsync(Definitions.Shell("echo next")));
        Assert.Equal(["next"], Definitions.LinesOf(Definitions.Op(next)));

        var unbounded = new LogOptions { JobResultBytes = long.MaxValue };
        using var logs = new LogStore(Path.Combine(_host.Network.StateDirectory, "logs"), unbounded);
        Assert.True(ResultJson.Count(new JobResults(logs, unbounded).Of(job, ResultJson.Read(pinned), unbounded.JobResultBytes)) > 10 * ResultBytes);
    }

    private static long PeakMemory(int process) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).AsSpan("VmHWM:".Length).Trim().ToString().Split(' ')[0],
        CultureInfo.InvariantCulture);
}
