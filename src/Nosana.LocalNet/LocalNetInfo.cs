using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nosana.LocalNet;

/// <summary>What a client must know of a running network: the content of the info file.</summary>
/// <param name="Rpc">URL of JSON-RPC over HTTP.</param>
/// <param name="Ws">URL of the WebSocket; the same answers on the next port.</param>
/// <param name="Ipfs">Pinning service and gateway.</param>
/// <param name="Mint">NOS mint of the first set.</param>
/// <param name="Market">Market of the first set.</param>
/// <param name="Networks">Both sets of programs, mainnet's first.</param>
/// <param name="Poster">A wallet with SOL and NOS.</param>
/// <param name="Host">A wallet with SOL, a NOS account and a stake of 0.</param>
/// <param name="GenesisHash">Names this chain.</param>
/// <param name="ProcessId">The process that serves it.</param>
/// <param name="HostManager">URL of the stand-in of the network's host manager; null in files of versions that had none.</param>
/// <param name="Front">The stand-in of the network's ingress; null when there is none.</param>
public sealed record LocalNetInfo(
    string Rpc,
    string Ws,
    LocalNetIpfsInfo Ipfs,
    string Mint,
    string Market,
    IReadOnlyList<LocalNetNetworkInfo> Networks,
    LocalNetWalletInfo Poster,
    LocalNetWalletInfo Host,
    string GenesisHash,
    int ProcessId,
    string? HostManager = null,
    LocalNetFrontInfo? Front = null)
{
    /// <summary>Reads an info file.</summary>
    /// <exception cref="JsonException">The file is not an info file.</exception>
    public static LocalNetInfo Read(string path) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(path), LocalNetInfoJson.Default.LocalNetInfo)
            ?? throw new JsonException($"The info file {path} is empty.");

    /// <summary>Writes the file whole or not at all.</summary>
    /// <exception cref="LocalNetException">The file cannot be written.</exception>
    public void Write(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            WriteWhole(full);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LocalNetException($"The info file {full} cannot be written: {exception.Message} Choose another place for it.", exception);
        }
    }

    /// <summary>One line for a log.</summary>
    public override string ToString() => $"RPC {Rpc}, IPFS gateway {Ipfs.Gateway}, market {Market}, genesis {GenesisHash}";

    /// <summary>UTF-8 JSON, indented.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LocalNetInfoJson.Default.LocalNetInfo);

    private void WriteWhole(string path)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, ToJson());
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}

/// <summary>URL of the pinning service, and the gateway's prefix that a CID is appended to.</summary>
public sealed record LocalNetIpfsInfo(string Api, string Gateway);

/// <summary>The ingress of hosts behind NAT.</summary>
/// <param name="Domain">What follows the id in a host name.</param>
/// <param name="Tunnels">Where tunnel clients connect, ADDRESS:PORT.</param>
/// <param name="HttpPort">Where host names are served, on loopback.</param>
/// <param name="ConnectPort">Where <c>CONNECT</c> is served, on loopback.</param>
/// <param name="Events">Base of the events' address.</param>
public sealed record LocalNetFrontInfo(string Domain, string Tunnels, int HttpPort, int ConnectPort, string Events);

/// <summary>One set of programs: its addresses, mint and market.</summary>
public sealed record LocalNetNetworkInfo(
    string Network, string Jobs, string Staking, string Rewards, string Pools, string Nodes, string Mint, string Market, string Vault);

/// <summary>A wallet, and where its key lies; null when it is only in memory.</summary>
public sealed record LocalNetWalletInfo(string Address, string? Keypair);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LocalNetInfo))]
internal sealed partial class LocalNetInfoJson : JsonSerializerContext;
