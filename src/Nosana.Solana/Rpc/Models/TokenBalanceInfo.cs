using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>A token account's balance before or after a transaction.</summary>
public sealed record TokenBalanceInfo(int AccountIndex, PublicKey Mint, TokenBalance UiTokenAmount, PublicKey? Owner = null);
