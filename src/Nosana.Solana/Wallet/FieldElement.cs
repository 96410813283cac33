using System.Buffers.Binary;

namespace Nosana.Solana.Wallet;

/// <summary>
/// A number modulo 2^255 - 19 in five limbs of 51 bits. Enough arithmetic to tell points from other bytes; not constant-time, for public values only.
/// </summary>
internal readonly struct FieldElement
{
    private const ulong Mask = (1UL << 51) - 1;

    private readonly ulong _0, _1, _2, _3, _4;

    private FieldElement(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4) => (_0, _1, _2, _3, _4) = (l0, l1, l2, l3, l4);

    public static FieldElement Zero => default;

    public static FieldElement One => new(1, 0, 0, 0, 0);

    /// <summary>The curve's d = -121665/121666.</summary>
    public static FieldElement D => new(0x34DCA135978A3UL, 0x1A8283B156EBDUL, 0x5E7A26001C029UL, 0x739C663A03CBBUL, 0x52036CEE2B6FFUL);

    /// <summary>Reads 32 little-endian bytes without the top bit; values of 2^255 - 19 and above are reduced.</summary>
    public static FieldElement FromBytes(ReadOnlySpan<byte> bytes)
    {
        ulong a = BinaryPrimitives.ReadUInt64LittleEndian(bytes), b = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        ulong c = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]), d = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        return new FieldElement(a & Mask, ((a >> 51) | (b << 13)) & Mask, ((b >> 38) | (c << 26)) & Mask, ((c >> 25) | (d << 39)) & Mask, (d >> 12) & Mask);
    }

    public static FieldElement operator +(FieldElement x, FieldElement y) => Carry(x._0 + y._0, x._1 + y._1, x._2 + y._2, x._3 + y._3, x._4 + y._4);

    // Twice the modulus is added first, so that no limb goes below zero.
    public static FieldElement operator -(FieldElement x, FieldElement y) => Carry(
        x._0 + 0xFFFFFFFFFFFDAUL - y._0, x._1 + 0xFFFFFFFFFFFFEUL - y._1, x._2 + 0xFFFFFFFFFFFFEUL - y._2, x._3 + 0xFFFFFFFFFFFFEUL - y._3,
        x._4 + 0xFFFFFFFFFFFFEUL - y._4);

    public static FieldElement operator *(FieldElement x, FieldElement y)
    {
        ulong y1 = y._1 * 19, y2 = y._2 * 19, y3 = y._3 * 19, y4 = y._4 * 19;
        UInt128 r0 = Mul(x._0, y._0) + Mul(x._1, y4) + Mul(x._2, y3) + Mul(x._3, y2) + Mul(x._4, y1);
        UInt128 r1 = Mul(x._0, y._1) + Mul(x._1, y._0) + Mul(x._2, y4) + Mul(x._3, y3) + Mul(x._4, y2);
        UInt128 r2 = Mul(x._0, y._2) + Mul(x._1, y._1) + Mul(x._2, y._0) + Mul(x._3, y4) + Mul(x._4, y3);
        UInt128 r3 = Mul(x._0, y._3) + Mul(x._1, y._2) + Mul(x._2, y._1) + Mul(x._3, y._0) + Mul(x._4, y4);
        UInt128 r4 = Mul(x._0, y._4) + Mul(x._1, y._3) + Mul(x._2, y._2) + Mul(x._3, y._1) + Mul(x._4, y._0);
        r1 += (ulong)(r0 >> 51);
        r2 += (ulong)(r1 >> 51);
        r3 += (ulong)(r2 >> 51);
        r4 += (ulong)(r3 >> 51);
        return Carry(((ulong)r0 & Mask) + (19 * (ulong)(r4 >> 51)), (ulong)r1 & Mask, (ulong)r2 & Mask, (ulong)r3 & Mask, (ulong)r4 & Mask);
    }

    /// <summary>Whether it is the square of some element, zero included: Euler's criterion, x^((p-1)/2) is 0 or 1.</summary>
    public bool IsSquare()
    {
        // (p-1)/2 = 2^254 - 10 = 4 * (2^252 - 3) + 2; the chain to 2^252 - 3 is that of the reference implementations.
        FieldElement x = this;
        FieldElement x2 = x * x;
        FieldElement x9 = x2.Squared(2) * x;
        FieldElement x11 = x9 * x2;
        FieldElement ones5 = x11.Squared(1) * x9; // x^(2^5 - 1), and so on
        FieldElement ones10 = ones5.Squared(5) * ones5;
        FieldElement ones20 = ones10.Squared(10) * ones10;
        FieldElement ones40 = ones20.Squared(20) * ones20;
        FieldElement ones50 = ones40.Squared(10) * ones10;
        FieldElement ones100 = ones50.Squared(50) * ones50;
        FieldElement ones200 = ones100.Squared(100) * ones100;
        FieldElement ones250 = ones200.Squared(50) * ones50;
        FieldElement power = (ones250.Squared(2) * x).Squared(2) * x2;
        return power.EqualsReduced(One) || power.EqualsReduced(Zero);
    }

    private FieldElement Squared(int times)
    {
        FieldElement result = this;
        for (int i = 0; i < times; i++) result *= result;
        return result;
    }

    private bool EqualsReduced(FieldElement other)
    {
        FieldElement difference = (this - other).Reduced();
        return (difference._0 | difference._1 | difference._2 | difference._3 | difference._4) == 0;
    }

    private FieldElement Reduced()
    {
        FieldElement x = Carry(_0, _1, _2, _3, _4);
        // Adding 19 carries out of bit 255 exactly when the value is 2^255 - 19 or more.
        ulong carry = (x._0 + 19) >> 51;
        carry = (x._1 + carry) >> 51;
        carry = (x._2 + carry) >> 51;
        carry = (x._3 + carry) >> 51;
        carry = (x._4 + carry) >> 51;
        ulong l0 = x._0 + (19 * carry), l1 = x._1 + (l0 >> 51), l2 = x._2 + (l1 >> 51), l3 = x._3 + (l2 >> 51), l4 = x._4 + (l3 >> 51);
        return new FieldElement(l0 & Mask, l1 & Mask, l2 & Mask, l3 & Mask, l4 & Mask);
    }

    private static UInt128 Mul(ulong x, ulong y)
    {
        ulong high = Math.BigMul(x, y, out ulong low);
        return new UInt128(high, low);
    }

    // Two passes: the first can leave a limb one above its 51 bits.
    private static FieldElement Carry(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            l1 += l0 >> 51;
            l2 += l1 >> 51;
            l3 += l2 >> 51;
            l4 += l3 >> 51;
            l0 = (l0 & Mask) + (19 * (l4 >> 51));
            l1 &= Mask;
            l2 &= Mask;
            l3 &= Mask;
            l4 &= Mask;
        }
        return new FieldElement(l0, l1, l2, l3, l4);
    }
}
