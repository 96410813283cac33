using System.Numerics;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Tests.Wallet;

public sealed class Ed25519CurveTests
{
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger D = Mod(-121665 * BigInteger.ModPow(121666, P - 2, P));

    [Fact]
    public void IsOnCurve_RandomBytes_AgreesWithPlainArithmetic()
    {
        var random = new Random(20260101);
        var bytes = new byte[32];
        int points = 0;
        for (int i = 0; i < 400; i++)
        {
            random.NextBytes(bytes);
            bool expected = IsPoint(bytes);
            if (expected) points++;
            Assert.Equal(expected, PublicKey.IsOnCurve(bytes));
        }
        Assert.InRange(points, 100, 300); // half of all numbers are squares
    }

    [Fact]
    public void IsOnCurve_NumbersAtTheEdges_AgreesWithPlainArithmetic()
    {
        BigInteger[] edges = [0, 1, 2, 3, 18, 19, 20, P - 2, P - 1, P, P + 1, P + 18, BigInteger.Pow(2, 255) - 1, BigInteger.Pow(2, 51) - 1, BigInteger.Pow(2, 51), BigInteger.Pow(2, 204), (P - 1) / 2];
        foreach (BigInteger edge in edges)
        {
            var bytes = new byte[32];
            Assert.True(edge.TryWriteBytes(bytes, out _, isUnsigned: true));
            foreach (byte sign in (byte[])[0, 0x80])
            {
                byte[] signed = [.. bytes];
                signed[31] |= sign;
                Assert.Equal(IsPoint(signed), PublicKey.IsOnCurve(signed));
            }
        }
    }

    [Fact]
    public void IsOnCurve_PublicKeys_AreOnIt()
    {
        for (byte i = 1; i < 40; i++)
        {
            using Account account = TestKeys.Of(i);
            Assert.True(PublicKey.IsOnCurve(account.PublicKey.KeyBytes));
        }
        Assert.False(PublicKey.IsOnCurve(new byte[31]));
    }

    private static bool IsPoint(byte[] bytes)
    {
        byte[] masked = [.. bytes];
        masked[31] &= 0x7f;
        BigInteger ySquared = BigInteger.ModPow(new BigInteger(masked, isUnsigned: true), 2, P);
        BigInteger ratio = Mod((ySquared - 1) * (D * ySquared + 1));
        return ratio.IsZero || BigInteger.ModPow(ratio, (P - 1) / 2, P).IsOne;
    }

    private static BigInteger Mod(BigInteger value)
    {
        BigInteger remainder = value % P;
        return remainder.Sign < 0 ? remainder + P : remainder;
    }
}
