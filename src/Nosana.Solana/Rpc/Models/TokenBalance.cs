using System.Globalization;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>An amount of a token in base units (micro-NOS for NOS).</summary>
/// <param name="Amount">Base units as decimal text, as the wire has it.</param>
/// <param name="Decimals">Decimal places of the mint.</param>
public sealed record TokenBalance(string Amount, int Decimals)
{
    /// <summary>Base units.</summary>
    public ulong AmountUlong => ulong.Parse(Amount, NumberStyles.None, CultureInfo.InvariantCulture);
}

/// <summary>A token account's balance before or after a transaction.</summary>
public sealed record TokenBalanceInfo(int AccountIndex, PublicKey Mint, TokenBalance UiTokenAmount, PublicKey? Owner = null);
