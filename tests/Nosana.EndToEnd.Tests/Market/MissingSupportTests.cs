using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>A job with a part that this host does not do yet is given back whole, not run without that part.</summary>
public sealed class MissingSupportTests(MarketHost host) : IClassFixture<MarketHost>
{
    [Fact]
    public async Task Job_Confidential_IsGivenBackAndTheNextOneServed()
    {
        JsonNode definition = JsonNode.Parse(Definitions.Shell("ls /data"))!;
        definition["logistics"] = JsonNode.Parse("""{"send":{"type":"api-listen","args":{}},"receive":{"type":"api-listen","args":{}}}""");
        PublicKey job = await host.Network.PostAsync(definition.ToJsonString());

        Assert.Equal(JobState.Stopped, (await host.SettledAsync(job)).State);
        NodeProcess.Line refused = await host.Process.LineAsync("Refused, the run is given back");
        Assert.Contains("confidential", refused.Text, StringComparison.Ordinal);
        Assert.Empty(await host.ContainersAsync(job.Key));

        // The fault is the job's: the host stays in its queue.
        (_, JsonNode result) = await host.CompletedAsync(await host.Network.PostAsync(Definitions.Shell("echo next")));
        Assert.Equal(["next"], Definitions.LinesOf(Definitions.Op(result)));
    }
}
