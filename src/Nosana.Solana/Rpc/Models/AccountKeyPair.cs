using System.Text.Json.Serialization;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>An account and its address.</summary>
public sealed record AccountKeyPair([property: JsonPropertyName("pubkey")] PublicKey PublicKey, AccountInfo Account);
