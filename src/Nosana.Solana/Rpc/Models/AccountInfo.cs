using System.Text.Json.Serialization;
using Nosana.Solana.Rpc.Json;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>An account as the chain holds it.</summary>
public sealed record AccountInfo
{
    /// <summary>Balance in lamports.</summary>
    public required ulong Lamports { get; init; }

    /// <summary>The program that owns the account.</summary>
    public required PublicKey Owner { get; init; }

    /// <summary>The account's bytes, or the part that was asked for by a data slice.</summary>
    [JsonConverter(typeof(EncodedBytesConverter))]
    public required byte[] Data { get; init; }

    public bool Executable { get; init; }

    public ulong RentEpoch { get; init; }

    /// <summary>Length of the whole data in bytes, also where <see cref="Data"/> is a slice of it; null when the node does not say.</summary>
    public ulong? Space { get; init; }
}

/// <summary>An account and its address.</summary>
public sealed record AccountKeyPair([property: JsonPropertyName("pubkey")] PublicKey PublicKey, AccountInfo Account);
