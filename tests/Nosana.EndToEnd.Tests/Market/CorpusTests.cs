using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>Definitions that people published: the market and <c>run</c> make the same of them.</summary>
public sealed class CorpusTests(MarketHost host) : IClassFixture<MarketHost>
{
    [Theory]
    [InlineData("docs__sdk-hello-world-l19", "success", "Hello Theoriq")]
    [InlineData("kit__examples-ipfs-l10", "success", "Hello World")]
    [InlineData("cli__job-definition", "success", "Hello World")]
    public async Task Definition_RunByTheMarketAndByRun_HasTheSameFlowState(string name, string status, string printed)
    {
        NeedsCorpus.OrSkip();
        string file = Path.Combine(RepositoryFiles.PublicDefinitions, $"{name}.json");

        PublicKey job = await host.Network.PostAsync(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        (_, JsonNode ofMarket) = await host.CompletedAsync(job);
        (int code, string output, string text) = await NodeProcess.RunAsync(host.Network.Directory, "run", file, "--docker", host.EngineAddress.OriginalString);

        Assert.True(code == 0, text);
        JsonNode ofRun = JsonNode.Parse(output)!;
        Assert.Equal(status, Definitions.StatusOf(ofMarket));
        Assert.Contains(printed, ofMarket["opStates"]!.AsArray().SelectMany(op => Definitions.LinesOf(op!)));
        Assert.Equal(Comparable(ofMarket), Comparable(ofRun));
    }

    /// <summary>A flow state without what differs from run to run: ids, times, the engine's state of the container.</summary>
    private static string Comparable(JsonNode result)
    {
        JsonObject flow = result.DeepClone().AsObject();
        foreach (string name in (string[])["id", "startTime", "endTime"]) flow.Remove(name);
        foreach (JsonNode? op in flow["opStates"]!.AsArray())
        {
            foreach (string name in (string[])["providerId", "startTime", "endTime"]) op!.AsObject().Remove(name);
            op!["diagnostics"]!.AsObject().Remove("state");
            foreach (JsonNode? entry in op["logs"]!.AsArray()) entry!.AsObject().Remove("timestamp");
        }
        return flow.ToJsonString();
    }
}
