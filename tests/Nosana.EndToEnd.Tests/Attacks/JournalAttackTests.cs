using System.Globalization;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>At how much a host writes for a job. The control is what its whole state at each change comes to.</summary>
public sealed class JournalAttackTests : IAsyncLifetime
{
    private const int Volumes = 60;

    /// <summary>Start, volume made, end.</summary>
    private const int ChangesOfAVolume = 3;

    private readonly MarketHost _host = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Flow_ManyOperationsBesideALargeResult_IsWrittenOnce()
    {
        JsonNode definition = JsonNode.Parse(Definitions.Shell(
            "l=$(head -c 160 /dev/zero | tr '\\0' x); i=0; while [ $i -lt 20000 ]; do echo \"$l\"; i=$((i+1)); done"))!;
        JsonArray ops = definition["ops"]!.AsArray();
        ops[0]!["results"] = new JsonObject { ["all"] = ".*" };
        for (int volume = 0; volume < Volumes; volume++)
            ops.Add(new JsonObject { ["type"] = "container/create-volume", ["id"] = $"v{volume}", ["args"] = new JsonObject { ["name"] = $"v{volume}" } });
        long before = Written();
        PublicKey job = await _host.Network.PostAsync(definition.ToJsonString(), timeout: 600);
        (_, JsonNode result) = await _host.CompletedAsync(job);
        long written = Written() - before;
        Assert.Equal("success", Definitions.StatusOf(result));
        int matches = Definitions.Op(result)["results"]!.ToJsonString().Length;
        TestContext.Current.TestOutputHelper?.WriteLine($"{written} bytes written, results of {matches} bytes");
        Assert.InRange(matches, 3_000_000, 4 << 20);
        // Stored output, results, and both in the job's result: each once in a log and once in its place, and sent.
        Assert.InRange(written, matches, 64L << 20);
        Assert.True((long)matches * Volumes * ChangesOfAVolume > 8 * (64L << 20));
    }

    /// <summary>Bytes that the host gave to writing calls, to sockets too.</summary>
    private long Written() => long.Parse(
        File.ReadLines($"/proc/{_host.Process.Id}/io").Single(line => line.StartsWith("wchar:", StringComparison.Ordinal)).AsSpan("wchar:".Length),
        CultureInfo.InvariantCulture);
}
