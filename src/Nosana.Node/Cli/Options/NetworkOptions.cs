using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Nosana.LocalNet;
using Nosana.Node.Hosting;

namespace Nosana.Node.Cli.Options;

/// <summary>
/// The options that say which network, the same on every verb. Later wins: the network's defaults, the file of an embedded
/// network, environment variables, options.
/// </summary>
internal sealed class NetworkOptions
{
    private readonly Option<string?> _network = new("--network") { Description = "mainnet, devnet or localnet (NOSANA_NETWORK; default mainnet)" };
    private readonly Option<string?> _localnet = new("--localnet") { Description = "info file of an embedded network, as 'localnet --info FILE' writes it: takes every address from there (NOSANA_LOCALNET)" };
    private readonly Option<string[]> _rpc = new("--rpc") { Description = "RPC endpoint; may be repeated, the first that answers is used (NOSANA_RPC)" };
    private readonly Option<double?> _rpcRate = new("--rpc-rate") { Description = "requests a second to the RPC endpoints at most (NOSANA_RPC_RATE; default 4 for the public ones, else no limit)" };
    private readonly Option<string?> _ws = new("--ws") { Description = "WebSocket endpoint; derived from --rpc when absent (NOSANA_WS)" };
    private readonly Option<string?> _ipfsApi = new("--ipfs-api") { Description = "pinning service (NOSANA_IPFS_API)" };
    private readonly Option<string[]> _ipfsGateway = new("--ipfs-gateway") { Description = "IPFS gateway, ends in /ipfs/; may be repeated (NOSANA_IPFS_GATEWAY)" };
    private readonly Option<string?> _ipfsCredential = new("--ipfs-credential-file") { Description = "file with the pinning service's JWT (or the JWT itself in NOSANA_IPFS_JWT)" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _network, _localnet, _rpc, _rpcRate, _ws, _ipfsApi, _ipfsGateway, _ipfsCredential }) command.Options.Add(option);
    }

    /// <exception cref="CommandException">An option names nothing usable.</exception>
    public NetworkSettings Read(ParseResult parse)
    {
        string? infoFile = parse.GetValue(_localnet) ?? Variable("NOSANA_LOCALNET");
        string name = parse.GetValue(_network) ?? Variable("NOSANA_NETWORK") ?? (infoFile is null ? NetworkSettings.Mainnet : NetworkSettings.LocalNet);
        NetworkSettings settings = NetworkSettings.Defaults(name);
        if (infoFile is not null) settings = FromInfo(settings, infoFile);

        string[] rpc = Many(parse.GetValue(_rpc), "NOSANA_RPC");
        if (rpc.Length > 0) settings = settings with { Rpc = [.. rpc.Select(url => Url("--rpc", url))], WebSocket = null, RpcRate = null, IsRpcChosen = true };
        if (Rate(parse) is { } rate) settings = settings with { RpcRate = rate };
        if ((parse.GetValue(_ws) ?? Variable("NOSANA_WS")) is { } ws) settings = settings with { WebSocket = Url("--ws", ws) };
        if ((parse.GetValue(_ipfsApi) ?? Variable("NOSANA_IPFS_API")) is { } api) settings = settings with { IpfsApi = Url("--ipfs-api", api) };
        string[] gateways = Many(parse.GetValue(_ipfsGateway), "NOSANA_IPFS_GATEWAY");
        if (gateways.Length > 0) settings = settings with { IpfsGateways = [.. gateways.Select(url => Url("--ipfs-gateway", url))] };
        if (parse.GetValue(_ipfsCredential) is { } file) settings = settings with { IpfsCredential = ReadCredential(file) };
        else if (Variable("NOSANA_IPFS_JWT") is { } jwt) settings = settings with { IpfsCredential = jwt };
        return settings;
    }

    private double? Rate(ParseResult parse)
    {
        double? rate = parse.GetValue(_rpcRate);
        if (rate is null && Variable("NOSANA_RPC_RATE") is { } text)
            rate = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw new CommandException($"NOSANA_RPC_RATE '{text}' is no number. Give the requests a second that your RPC provider allows, such as 10.", ExitCodes.Refused);
        return rate is null or (> 0 and < double.PositiveInfinity) ? rate : throw new CommandException($"--rpc-rate {rate} is no rate. Give the requests a second that your RPC provider allows, such as 10.", ExitCodes.Refused);
    }

    private static NetworkSettings FromInfo(NetworkSettings settings, string file)
    {
        LocalNetInfo info;
        try
        {
            info = LocalNetInfo.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandException($"The info file {file} cannot be read: {e.Message} Start the embedded network with 'nosana-node localnet --info {file}' and try again.", ExitCodes.Refused, e);
        }
        return settings with
        {
            Rpc = [new Uri(info.Rpc)],
            RpcRate = null,
            WebSocket = new Uri(info.Ws),
            IpfsApi = new Uri(info.Ipfs.Api),
            IpfsGateways = [new Uri(info.Ipfs.Gateway)],
            DefaultMarket = info.Market,
            HostManager = info.HostManager is { } manager ? new Uri(manager) : null,
        };
    }

    private static string ReadCredential(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--ipfs-credential-file {file} cannot be read: {e.Message}", ExitCodes.Refused, e);
        }
    }

    internal static Uri Url(string option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" or "ws" or "wss"
            ? url!
            : throw new CommandException($"{option} '{text}' is no URL. Write it with its scheme, such as http://127.0.0.1:8899.", ExitCodes.Refused);

    private static string[] Many(string[]? option, string variable) =>
        option is { Length: > 0 } ? option : Variable(variable)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
