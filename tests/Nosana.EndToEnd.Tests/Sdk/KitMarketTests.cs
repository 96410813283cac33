using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Sdk;

/// <summary>A poster with the official client, and our host: neither knows more of the other than the chain and IPFS say.</summary>
public sealed class KitMarketTests(MarketHost host) : IClassFixture<MarketHost>
{
    [Fact]
    public async Task Poster_PinsAndListsWithTheKit_ReadsTheResultOfOurHost()
    {
        MarketNetwork network = host.Network;
        await using KitClient kit = await KitClient.StartAsync(network.Server.Info, "mainnet", network.Server.Keys.Poster.ExportSecretKey());
        string definition = Definitions.Shell("echo hello to the kit; sleep 1");

        JsonElement listed = await kit.EvaluateAsync(
            $$"""(async () => { const ipfsHash = await client.ipfs.pin({{definition}}); const i = await client.jobs.list({ market: '{{network.Market}}', timeout: 60, ipfsHash }); await send(i); return i.accounts[0].address })()""");
        PublicKey job = new(listed.GetString()!);
        await host.CompletedAsync(job);

        JsonElement seen = await kit.EvaluateAsync($"client.jobs.get('{job}')");
        Assert.Equal((2, network.Host.Key), (seen.GetProperty("state").GetInt32(), seen.GetProperty("node").GetString()));
        JsonElement result = await kit.EvaluateAsync($"client.ipfs.retrieve('{seen.GetProperty("ipfsResult").GetString()}')");
        JsonNode flow = JsonNode.Parse(result.GetRawText())!;
        Assert.Equal("success", Definitions.StatusOf(flow));
        Assert.Equal(["hello to the kit"], Definitions.LinesOf(Definitions.Op(flow)));
    }
}
