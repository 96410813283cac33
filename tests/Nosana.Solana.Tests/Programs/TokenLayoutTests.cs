using Nosana.Solana.Programs.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Tests.Programs;

public sealed class TokenLayoutTests
{
    private static readonly PublicKey Key1 = TestKeys.Of(1).PublicKey, Key2 = TestKeys.Of(2).PublicKey, Key3 = TestKeys.Of(3).PublicKey;

    [Fact]
    public void Deserialize_TokenAccountBytes_ReadsEveryField()
    {
        var data = new byte[165];
        Key1.CopyTo(data);
        Key2.CopyTo(data.AsSpan(32));
        Convert.FromHexString("15cd5b0700000000").CopyTo(data, 64); // 123,456,789
        data[72] = 1;
        Key3.CopyTo(data.AsSpan(76));
        data[108] = 1;
        data[109] = 1;
        Convert.FromHexString("f01d1f0000000000").CopyTo(data, 113); // 2,039,280
        data[121] = 7;
        data[129] = 1;
        Key1.CopyTo(data.AsSpan(133));

        var account = TokenAccount.Deserialize(data);

        Assert.Equal(new TokenAccount(Key1, Key2, 123_456_789, Key3, TokenAccountState.Initialized, 2_039_280, 7, Key1), account);
        Assert.Equal(data, account.Serialize());
    }

    [Fact]
    public void Deserialize_MintBytes_ReadsEveryField()
    {
        var mint = new Mint(Key1, 100_000_000_000_000, 6, true, null);
        byte[] data = mint.Serialize();
        Assert.Equal(82, data.Length);
        Assert.Equal("01000000", Convert.ToHexString(data, 0, 4));
        Assert.Equal("00407A10F35A0000" + "06" + "01" + "00000000", Convert.ToHexString(data, 36, 14));
        Assert.Equal(mint, Mint.Deserialize(data));
    }

    [Fact]
    public void Deserialize_WrongLengthOrUninitialized_IsAFormatException()
    {
        Assert.Throws<FormatException>(() => TokenAccount.Deserialize(new byte[164]));
        Assert.Throws<FormatException>(() => TokenAccount.Deserialize(new byte[165]));
        Assert.Throws<FormatException>(() => Mint.Deserialize(new byte[81]));
        Assert.Throws<FormatException>(() => Mint.Deserialize(new byte[82]));
        var badOption = new byte[165];
        badOption[108] = 1;
        badOption[72] = 2;
        Assert.Throws<FormatException>(() => TokenAccount.Deserialize(badOption));
    }
}
