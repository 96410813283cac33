using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Node.Chain;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Programs.Money;

namespace Nosana.Node.Cli;

/// <summary><c>market list</c>: every market of the network with its price and its queue.</summary>
internal static class MarketListCommand
{
    public static Command Create()
    {
        var answer = new CommandOutput();
        var list = new Command("list", "print every market: price, type and length of its queue");
        list.AddSettings(SettingGroup.Network);
        answer.AddTo(list);
        list.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            using ChainAccess access = new(parse.ReadNetwork(), StandardErrorLog.Factory);
            IReadOnlyList<ObservedMarket> markets = await access.Chain.MarketsAsync(cancel);
            answer.WriteRows(parse, new JsonArray([.. markets.Select(Describe)]), "This network has no market.");
            return ExitCodes.Success;
        }, cancel));
        return list;
    }

    internal static JsonNode Describe(ObservedMarket market) => new JsonObject
    {
        ["address"] = market.Address.Key,
        ["jobPrice"] = market.Market.JobPrice,
        ["jobPriceNos"] = $"{Amount.FormatNos(market.Market.JobPrice)} NOS/s",
        ["jobTimeout"] = market.Market.JobTimeout,
        ["nodeXnosMinimum"] = market.Market.NodeXnosMinimum.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["nodeAccessKey"] = market.Market.IsOpenMarket ? null : market.Market.NodeAccessKey.Key,
        ["queueType"] = MarketCommand.QueueWord(market.Market),
        ["queueLength"] = market.Market.Queue.Count,
    };
}
