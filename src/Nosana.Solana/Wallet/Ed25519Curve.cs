using System.Numerics;

namespace Nosana.Solana.Wallet;

/// <summary>The one question Solana asks of the curve itself: do these bytes decompress to a point (RFC 8032, section 5.1.3)?</summary>
internal static class Ed25519Curve
{
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger D = Mod(-121665 * BigInteger.ModPow(121666, P - 2, P));

    public static bool IsPoint(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != PublicKey.Length) return false;
        Span<byte> masked = stackalloc byte[PublicKey.Length];
        bytes.CopyTo(masked);
        masked[31] &= 0x7f; // the top bit is the sign of x
        BigInteger y = Mod(new BigInteger(masked, isUnsigned: true));
        BigInteger ySquared = Mod(y * y);
        // x^2 = (y^2 - 1) / (d y^2 + 1); multiplying by the square of the denominator leaves "is it a square" unchanged.
        BigInteger ratio = Mod((ySquared - 1) * (D * ySquared + 1));
        return ratio.IsZero || BigInteger.ModPow(ratio, (P - 1) / 2, P).IsOne;
    }

    private static BigInteger Mod(BigInteger value)
    {
        BigInteger remainder = value % P;
        return remainder.Sign < 0 ? remainder + P : remainder;
    }
}
