namespace Nosana.Ipfs.Tests;

public sealed class CidTests
{
    private const string HelloWorld = "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o";

    [Theory]
    [InlineData('0')]
    [InlineData('\u007F')]
    [InlineData('\u00E9')]
    [InlineData('\u0100')]
    public void TryParse_ACharacterOutsideTheAlphabet_IsNone(char stranger) =>
        Assert.False(Cid.TryParse(HelloWorld[..^1] + stranger, out _));

    [Fact]
    public void ToString_ZeroDigest_IsTheKnownText()
    {
        Assert.Equal("QmNLei78zWmzUdbeRB3CiUfAizWUrbeeZh5K1rhAQKCh51", Cid.Zero.ToString());
        Assert.True(Cid.Parse("QmNLei78zWmzUdbeRB3CiUfAizWUrbeeZh5K1rhAQKCh51").IsZero);
    }

    [Fact]
    public void FromDigest_DigestOfAJobAccount_HasTheClientsText()
    {
        byte[] digest = Convert.FromHexString("7d5a99f603f231d53a4f39d1521f98d2e8bb279cf29bebfd0687dc98458e7f89");

        Cid cid = Cid.FromDigest(digest);

        Assert.Equal("QmWmyoMoctfbAaiEs2G46gpeUmhqFRDW6KWo64y5r581Vz", cid.ToString());
        Assert.Equal(digest, cid.Digest);
        Assert.Equal(digest, Cid.Parse(cid.ToString()).Digest);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5")]
    [InlineData("QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5oo")]
    [InlineData("QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff0o")]
    [InlineData("1mT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o")]
    [InlineData("zzT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o")]
    [InlineData("QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5\u00fc")]
    [InlineData("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi")]
    public void TryParse_NoCidOfVersion0_IsFalse(string? text)
    {
        Assert.False(Cid.TryParse(text, out Cid cid));
        Assert.True(cid.IsZero);
    }

    [Fact]
    public void Parse_CidOfVersion1_SaysWhatIsWrong()
    {
        var error = Assert.Throws<FormatException>(() => Cid.Parse("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"));
        Assert.Contains("version 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromDigest_WrongLength_Throws() => Assert.Throws<ArgumentException>(() => Cid.FromDigest(new byte[31]));

    [Fact]
    public void Equals_SameDigest_IsAValue()
    {
        Cid one = Cid.Parse(HelloWorld), two = Cid.FromDigest(one.Digest);
        Assert.Equal(one, two);
        Assert.True(one == two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.True(one != Cid.Zero);
    }
}
