using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Programs.Accounts;
using Nosana.Programs.Money;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary><c>market get</c>: a market's terms, its queue, and a wallet's place in it.</summary>
internal static class MarketGetCommand
{
    public static Command Create()
    {
        var answer = new CommandOutput();
        var address = new Argument<string?>("address") { Description = "market; that of the embedded network when absent", Arity = ArgumentArity.ZeroOrOne };
        var wallet = new Option<string?>("--address") { Description = "wallet whose place in the queue is told; that of --key when its file exists" };
        var get = new Command("get", "print a market's terms and its queue") { address, wallet };
        get.AddSettings(SettingGroup.Network, SettingGroup.Wallet);
        answer.AddTo(get);
        get.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            NetworkSettings settings = parse.ReadNetwork();
            PublicKey market = Addresses.Parse(
                parse.GetValue(address) ?? settings.DefaultMarket ?? throw new CommandException("Which market? Give its address.", ExitCodes.Refused));
            PublicKey? waiting = parse.GetValue(wallet) is { } text ? Addresses.Parse(text)
                : parse.ReadSettings().Host.Key is not null || File.Exists(parse.ReadSettings().KeyFile) ? KeyFile.ReadAddress(parse.ReadSettings().KeyFile)
                : null;
            using ChainAccess access = new(settings, StandardErrorLog.Factory);
            MarketAccount account = await access.Chain.FindMarketAsync(market, cancel)
                ?? throw new CommandException(new Chain.MarketGoneException(market).Message);
            ulong? vault = await access.Chain.TokenBalanceAsync(account.Vault, cancel);
            answer.Write(parse, Describe(market, account, vault, waiting));
            return ExitCodes.Success;
        }, cancel));
        return get;
    }

    /// <param name="wallet">Its place is told from 1; null where it does not wait. Nothing is told of no wallet.</param>
    internal static JsonObject Describe(PublicKey address, MarketAccount market, ulong? vault, PublicKey? wallet)
    {
        var facts = new JsonObject
        {
            ["address"] = address.Key,
            ["authority"] = market.Authority.Key,
            ["jobPrice"] = market.JobPrice,
            ["jobPriceNos"] = $"{Amount.FormatNos(market.JobPrice)} NOS/s",
            ["jobTimeout"] = market.JobTimeout,
            ["jobExpiration"] = market.JobExpiration,
            ["nodeXnosMinimum"] = market.NodeXnosMinimum.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["nodeAccessKey"] = market.IsOpenMarket ? null : market.NodeAccessKey.Key,
            ["vault"] = market.Vault.Key,
            ["vaultMicroNos"] = vault,
            ["queueType"] = MarketCommand.QueueWord(market),
            ["queueLength"] = market.Queue.Count,
        };
        if (wallet is { } node)
        {
            int place = market.QueueType == QueueType.Node ? market.IndexInQueue(node) : -1;
            facts["wallet"] = node.Key;
            facts["place"] = place < 0 ? null : place + 1;
        }
        facts["queue"] = new JsonArray([.. market.Queue.Select(entry => (JsonNode)entry.Key)]);
        return facts;
    }
}
