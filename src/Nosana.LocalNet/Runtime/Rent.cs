namespace Nosana.LocalNet.Runtime;

/// <summary>Solana's rent: an account exists for ever once it holds two years of it.</summary>
public static class Rent
{
    /// <summary>3,480 lamports a byte-year, two years.</summary>
    public const ulong LamportsPerByte = 3_480 * 2;

    /// <summary>Bytes charged for an account beside its data.</summary>
    public const ulong AccountOverhead = 128;

    /// <summary>Lamports that make an account of <paramref name="dataLength"/> bytes rent-exempt.</summary>
    public static ulong MinimumBalance(int dataLength) => (AccountOverhead + (ulong)dataLength) * LamportsPerByte;

    public static bool IsExempt(ulong lamports, int dataLength) => lamports >= MinimumBalance(dataLength);
}
