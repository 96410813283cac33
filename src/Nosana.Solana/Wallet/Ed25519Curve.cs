namespace Nosana.Solana.Wallet;

/// <summary>The one question Solana asks of the curve itself: do these bytes decompress to a point (RFC 8032, section 5.1.3)?</summary>
internal static class Ed25519Curve
{
    public static bool IsPoint(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != PublicKey.Length) return false;
        var y = FieldElement.FromBytes(bytes); // the top bit is the sign of x
        FieldElement ySquared = y * y;
        // x^2 = (y^2 - 1) / (d y^2 + 1); multiplying by the square of the denominator leaves "is it a square" unchanged.
        return ((ySquared - FieldElement.One) * ((FieldElement.D * ySquared) + FieldElement.One)).IsSquare();
    }
}
