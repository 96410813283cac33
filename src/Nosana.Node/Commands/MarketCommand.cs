using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Node.Commands.Console;
using Nosana.Programs.Accounts;
using Nosana.Programs.Money;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Commands;

/// <summary><c>market get</c>: a market's terms and its queue.</summary>
internal static class MarketCommand
{
    public static Command Create()
    {
        var command = new Command("market", "look at markets");
        command.Subcommands.Add(Get());
        return command;
    }

    private static Command Get()
    {
        var network = new NetworkOptions();
        var answer = new Answer();
        var address = new Argument<string?>("address") { Description = "market; that of the embedded network when absent", Arity = ArgumentArity.ZeroOrOne };
        var get = new Command("get", "print a market's terms and its queue") { address };
        network.AddTo(get);
        answer.AddTo(get);
        get.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            NetworkSettings settings = network.Read(parse);
            PublicKey market = Addresses.Parse(parse.GetValue(address) ?? settings.DefaultMarket ?? throw new CommandException("Which market? Give its address.", ExitCodes.Refused));
            using ChainAccess access = new(settings, Quiet.Logs);
            MarketAccount account = await access.Chain.FindMarketAsync(market, cancel) ?? throw new CommandException(new Market.MarketGoneException(market).Message);
            ulong? vault = await access.Chain.TokenBalanceAsync(account.Vault, cancel);
            answer.Write(parse, Describe(market, account, vault));
            return ExitCodes.Success;
        }, cancel));
        return get;
    }

    private static JsonObject Describe(PublicKey address, MarketAccount market, ulong? vault) => new()
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
        ["queueType"] = market.QueueType switch { QueueType.Job => "JOB_QUEUE", QueueType.Node => "NODE_QUEUE", _ => "EMPTY" },
        ["queue"] = new JsonArray([.. market.Queue.Select(entry => (JsonNode)entry.Key)]),
    };
}
