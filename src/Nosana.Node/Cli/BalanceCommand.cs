using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Programs.Money;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary><c>balance</c>: SOL, NOS and stake of a wallet.</summary>
internal static class BalanceCommand
{
    public static Command Create()
    {
        var answer = new CommandOutput();
        var address = new Argument<string?>("address") { Description = "wallet; that of --key when absent", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("balance", "print a wallet's SOL, NOS and staked NOS") { address };
        command.AddSettings(SettingGroup.Network, SettingGroup.Wallet);
        answer.AddTo(command);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            PublicKey wallet = parse.GetValue(address) is { } text ? Addresses.Parse(text) : KeyFile.ReadAddress(parse.ReadSettings().KeyFile);
            using ChainAccess access = new(parse.ReadNetwork(), StandardErrorLog.Factory);
            ulong lamports = await access.Chain.LamportsAsync(wallet, cancel);
            ulong? nos = await access.Chain.NosBalanceAsync(wallet, cancel);
            var stake = await access.Chain.FindStakeAsync(wallet, cancel);
            answer.Write(parse, new JsonObject
            {
                ["address"] = wallet.Key,
                ["sol"] = Amount.FormatSol(lamports),
                ["lamports"] = lamports,
                ["nos"] = nos is { } amount ? Amount.FormatNos(amount) : null,
                ["microNos"] = nos,
                ["stakedNos"] = stake is null ? null : Amount.FormatNos(stake.Amount),
                ["xnos"] = stake is null ? null : Amount.FormatNos(stake.Xnos),
            });
            return ExitCodes.Success;
        }, cancel));
        return command;
    }
}
