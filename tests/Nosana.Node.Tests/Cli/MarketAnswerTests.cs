using System.Text.Json.Nodes;
using Nosana.Node.Chain;
using Nosana.Node.Cli;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Tests.Cli;

public sealed class MarketAnswerTests
{
    private static readonly PublicKey s_market = Key(1), s_first = Key(2), s_second = Key(3);

    [Fact]
    public void Get_AWalletThatWaits_ItsPlaceFromOne()
    {
        JsonObject facts = MarketGetCommand.Describe(s_market, new MarketAccount { QueueType = QueueType.Node, Queue = [s_first, s_second] }, vault: 5, s_second);

        Assert.Equal((s_second.Key, 2, 2), (facts["wallet"]!.GetValue<string>(), facts["place"]!.GetValue<int>(), facts["queueLength"]!.GetValue<int>()));
        Assert.Equal([s_first.Key, s_second.Key], facts["queue"]!.AsArray().Select(entry => entry!.GetValue<string>()));
    }

    [Fact]
    public void Get_AWalletThatDoesNotWait_NoPlace()
    {
        // A queue of jobs holds no hosts, whatever addresses stand in it.
        JsonObject facts = MarketGetCommand.Describe(s_market, new MarketAccount { QueueType = QueueType.Job, Queue = [s_first] }, vault: null, s_first);

        Assert.True(facts.ContainsKey("place"));
        Assert.Null(facts["place"]);
    }

    [Fact]
    public void Get_NoWallet_NothingOfAPlace() =>
        Assert.False(MarketGetCommand.Describe(s_market, new MarketAccount(), vault: null, wallet: null).ContainsKey("place"));

    [Theory]
    [InlineData(QueueType.Job, "JOB_QUEUE", 1)]
    [InlineData(QueueType.Node, "NODE_QUEUE", 1)]
    [InlineData(QueueType.Empty, "EMPTY", 0)]
    public void List_AMarket_PriceAndQueue(QueueType type, string word, int length)
    {
        var market = new MarketAccount { JobPrice = 48, QueueType = type, Queue = length == 0 ? [] : [s_first] };

        JsonNode facts = MarketListCommand.Describe(new ObservedMarket(s_market, market));

        Assert.Equal((s_market.Key, 48UL, "0.000048 NOS/s", word, length),
            (facts["address"]!.GetValue<string>(), facts["jobPrice"]!.GetValue<ulong>(), facts["jobPriceNos"]!.GetValue<string>(), facts["queueType"]!.GetValue<string>(), facts["queueLength"]!.GetValue<int>()));
    }

    private static PublicKey Key(byte last) => new([.. new byte[31], last]);
}
