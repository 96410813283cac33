using System.CommandLine;
using System.Net;
using Nosana.LocalNet;
using Nosana.LocalNet.Front;
using Nosana.LocalNet.Genesis;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Programs.Money;

namespace Nosana.Node.Cli;

/// <summary><c>localnet</c>: the embedded network, until Ctrl-C or SIGTERM.</summary>
internal static class LocalNetCommand
{
    public static Command Create()
    {
        Option<int?> port = CheckedOption.Number(
            "--port", SettingType.PairOfPorts,
            $"RPC over HTTP and WebSocket; WebSocket also on the next port; 0 takes a free pair (default {LocalNetOptions.DefaultPort})");
        var info = new Option<string?>("--info") { Description = "write addresses and URLs to this file (JSON) once the network is ready; removed at the end" };
        var keys = new Option<string?>("--keys") { Description = "directory for the network's key files; a temporary one when absent" };
        var database = new Option<string?>("--database") { Description = "SQLite file that keeps the network from one start to the next; needs --keys" };
        var price = new Option<string>("--price") { Description = "price of the market, NOS a second", DefaultValueFactory = _ => "0.000048" };
        Option<IPAddress?> front = CheckedOption.Address(
            "--front",
            "stand in for the network's ingress, too: take tunnels at this address, which hosts' containers reach (a bridge's gateway), and serve host names "
            + "on loopback");
        var command = new Command("localnet", "serve an embedded network: Solana RPC, Nosana's programs, IPFS") { port, info, keys, database, price, front };
        command.AddSettings(SettingGroup.Log);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            string written = parse.GetRequiredValue(price);
            if (!Amount.TryParseNos(written, out ulong jobPrice))
                throw new CommandException(
                    $"--price '{written}' is not an amount of NOS: write it with at most six decimals, such as 0.000048.", ExitCodes.Refused);
            // Its keys would go with the temporary directory.
            if (parse.GetValue(database) is not null && parse.GetValue(keys) is null)
                throw new CommandException("--database needs --keys: the keys of a kept network must be kept too.", ExitCodes.Refused);
            using ILoggerFactory logs = AgentLogging.Create(parse.ReadSettings().Log, toStandardError: true);
            DirectoryInfo? temporary = parse.GetValue(keys) is null ? Directory.CreateTempSubdirectory("nosana-localnet-") : null;
            try
            {
                var options = new LocalNetOptions
                {
                    Port = parse.GetValue(port) ?? LocalNetOptions.DefaultPort,
                    KeyDirectory = parse.GetValue(keys) ?? temporary!.FullName,
                    InfoPath = parse.GetValue(info),
                    DatabasePath = parse.GetValue(database),
                    LoggerFactory = logs,
                    Market = new MarketTerms { JobPrice = jobPrice },
                    Front = parse.GetValue(front) is { } address ? new FrontOptions { Address = address } : null,
                };
                await ServeAsync(options, cancel);
                return ExitCodes.Success;
            }
            finally
            {
                temporary?.Delete(recursive: true);
            }
        }, cancel));
        return command;
    }

    private static async Task ServeAsync(LocalNetOptions options, CancellationToken cancel)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration onInterrupt = cancel.Register(() => ended.TrySetResult());
        LocalNetServer server;
        try
        {
            server = await LocalNetServer.StartAsync(options, cancel);
        }
        catch (LocalNetException e)
        {
            throw new CommandException(e.Message, ExitCodes.Refused, e);
        }
        await using (server)
        {
            Print(server.Info);
            await ended.Task;
        }
    }

    private static void Print(LocalNetInfo info)
    {
        CommandOutput.WriteFacts(
        [
            Fact("RPC", info.Rpc), Fact("WebSocket", info.Ws), Fact("IPFS pinning", info.Ipfs.Api), Fact("IPFS gateway", info.Ipfs.Gateway),
            .. info.Networks.SelectMany(network => new[]
            {
                Fact($"market ({network.Network} programs)", network.Market),
                Fact($"NOS mint ({network.Network})", network.Mint),
            }),
            Fact("poster", info.Poster.Address), Fact("poster's key", info.Poster.Keypair), Fact("host", info.Host.Address),
            Fact("host's key", info.Host.Keypair),
            .. info.Front is { } front ? new[] { Fact("tunnels", front.Tunnels), Fact("host names", $"http://ID.{front.Domain}:{front.HttpPort}") } : [],
        ]);
        Terminal.WriteLine("The network is ready. Ctrl-C ends it.");
    }

    private static KeyValuePair<string, string> Fact(string name, string? value) => KeyValuePair.Create(name, value ?? "-");
}
