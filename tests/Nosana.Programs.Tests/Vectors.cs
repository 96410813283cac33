using Nosana.Solana.Wallet;

namespace Nosana.Programs.Tests;

/// <summary>The keys and digest of the specification's golden vectors (section 4).</summary>
internal static class Vectors
{
    public static readonly PublicKey Wallet = new("AKnL4NNf3DGWZJS6cPknBuEGnVsV4A4m5tgebLHaRSZ9");
    public static readonly PublicKey Market = new("9hSR6S7WPtxmTojgo6GG3k4yDPecgJY292j7xrsUGWBu");
    public static readonly PublicKey Job = new("GyGKxMyg1p9SsHfm15MkNUu1u9TN2JtTspcdmrtGUdse");
    public static readonly PublicKey Run = new("EdmxWPmx2WH6WgFfTdu9xfkYf3k1g5wD1zccTVySEEh1");
    public const string WalletHex = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c";
    public const string DigestHex = "7d5a99f603f231d53a4f39d1521f98d2e8bb279cf29bebfd0687dc98458e7f89";

    public static byte[] Digest => Convert.FromHexString(DigestHex);

    public static string Hex(this byte[] bytes) => Convert.ToHexStringLower(bytes);
}
