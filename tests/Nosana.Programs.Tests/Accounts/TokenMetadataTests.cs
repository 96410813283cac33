using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Tests.Accounts;

public sealed class TokenMetadataTests
{
    private static readonly PublicKey Collection = new("nftNgYSG5pbwL7kHeJ5NeDrX8c4KrG1CzWhEXT8RMJ3");

    private static readonly TokenMetadata WithOneCreator = new()
    {
        UpdateAuthority = Vectors.Wallet,
        Mint = Vectors.Market,
        Name = "Node access key",
        Symbol = "NOS",
        Uri = "https://example.org/key.json",
        SellerFeeBasisPoints = 500,
        Creators = [new TokenCreator(Vectors.Wallet, Verified: true, Share: 100)],
        EditionNonce = 254,
        TokenStandard = 0,
        Collection = new TokenCollection(Verified: true, Collection),
    };

    [Fact]
    public void Encode_OneCreatorNonceAndStandard_HasTheCollectionWhereTheOfficialShortcutReads()
    {
        byte[] bytes = WithOneCreator.Encode();
        Assert.Equal(1, bytes[367]);
        Assert.Equal(Collection.KeyBytes, bytes[368..400]);
    }

    [Fact]
    public void TryDecode_Encoded_HasEveryField()
    {
        Assert.True(TokenMetadata.TryDecode(WithOneCreator.Encode(), out TokenMetadata? read));
        Assert.Equal(WithOneCreator.Name, read.Name);
        Assert.Equal(WithOneCreator.Uri, read.Uri);
        Assert.Equal(WithOneCreator.Creators, read.Creators);
        Assert.Equal((byte)254, read.EditionNonce);
        Assert.Equal(WithOneCreator.Collection, read.Collection);
        Assert.True(read.IsVerifiedMemberOf(Collection));
        Assert.False(read.IsVerifiedMemberOf(Vectors.Market));
    }

    [Fact]
    public void IsVerifiedMemberOf_UnverifiedOrNoCollection_IsFalse()
    {
        Assert.False((WithOneCreator with { Collection = new TokenCollection(false, Collection) }).IsVerifiedMemberOf(Collection));
        Assert.False((WithOneCreator with { Collection = null }).IsVerifiedMemberOf(Collection));
    }

    [Fact]
    public void TryDecode_NoMetadata_IsFalse()
    {
        byte[] bytes = WithOneCreator.Encode();
        Assert.False(TokenMetadata.TryDecode([], out _));
        Assert.False(TokenMetadata.TryDecode(bytes.AsSpan(0, 390), out _));
        bytes[0] = 1;
        Assert.False(TokenMetadata.TryDecode(bytes, out _));
        bytes[0] = TokenMetadata.MetadataV1;
        bytes[319 + 2] = 2; // neither Some nor None
        Assert.False(TokenMetadata.TryDecode(bytes, out _));
        bytes[321] = 1;
        Assert.True(TokenMetadata.TryDecode(bytes, out _));
        bytes[322 + 3] = 0x7f; // more creators than bytes
        Assert.False(TokenMetadata.TryDecode(bytes, out _));
    }
}
