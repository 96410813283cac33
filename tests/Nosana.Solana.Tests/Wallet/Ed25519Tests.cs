using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Solana.Tests.Wallet;

public sealed class Ed25519Tests
{
    private static readonly BigInteger GroupOrder = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", null);

    // RFC 8032, section 7.1, tests 1 to 3 and "SHA(abc)".
    public static TheoryData<string, string, string, string> Rfc8032 => new()
    {
        { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
        { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72", "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
        { "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82", "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
        { "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42", "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f", "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704" },
    };

    [Theory]
    [MemberData(nameof(Rfc8032))]
    public void Sign_Rfc8032Vector_MatchesAndVerifies(string seed, string publicKey, string message, string signature)
    {
        using Account account = Account.FromSeed(Convert.FromHexString(seed));
        byte[] text = Convert.FromHexString(message);
        Assert.Equal(publicKey, Convert.ToHexStringLower(account.PublicKey.KeyBytes));
        Assert.Equal(signature, Convert.ToHexStringLower(account.Sign(text)));
        Assert.True(account.Verify(text, Convert.FromHexString(signature)));
    }

    [Fact]
    public void Sign_OfficialAuthorizationHeader_MatchesVector()
    {
        // Made with the network's own client: wallet of seed byte 7.
        using Account account = TestKeys.Of(7);
        Assert.Equal("GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB", account.PublicKey.Key);
        Assert.Equal("4kLEArzzSnnDmYjrq7RCWU8XKSJr2SSdc4F71KxtrZWpkYyreZkSbMat9mU3aFMkRaRySkVknCotmcLXC64PDRHk", Encoders.Base58.EncodeData(account.Sign("Hello Nosana Node!"u8)));
    }

    [Fact]
    public void Verify_EveryFlippedBit_IsFalse()
    {
        using Account account = TestKeys.Of(1);
        byte[] message = Encoding.UTF8.GetBytes("message");
        byte[] signature = account.Sign(message);
        for (int bit = 0; bit < signature.Length * 8; bit++)
        {
            byte[] changed = [.. signature];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(account.Verify(message, changed));
        }
        Assert.False(account.Verify("other"u8, signature));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    public void Verify_SignatureOfOtherLength_IsFalse(int length)
    {
        using Account account = TestKeys.Of(1);
        Assert.False(account.Verify("m"u8, new byte[length]));
    }

    [Fact]
    public void Verify_ScalarPlusGroupOrder_IsFalse()
    {
        // S + L verifies in implementations that do not check the range: the same message would have two signatures, hence two ids.
        using Account account = TestKeys.Of(1);
        byte[] signature = account.Sign("m"u8);
        BigInteger scalar = new BigInteger(signature.AsSpan(32), isUnsigned: true) + GroupOrder;
        Assert.True(scalar.TryWriteBytes(signature.AsSpan(32), out _, isUnsigned: true));
        Assert.False(account.Verify("m"u8, signature));
    }

    [Fact]
    public void Verify_KeyOffTheCurve_IsFalse()
    {
        Assert.True(PublicKey.TryFindProgramAddress([[1]], Nosana.Solana.Programs.WellKnownAddresses.TokenProgram, out PublicKey offCurve, out _));
        Assert.False(Ed25519.Verify(offCurve, "m"u8, new byte[64]));
    }

    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // the same point, y + p
    public void Verify_KeyOfOrderOne_IsFalse(string key)
    {
        // Times anything such a key is nothing: S of any R = S times the base point fits every message. The chain refuses it (verify_strict).
        using Account nonce = TestKeys.Of(1);
        byte[] signature = [.. nonce.PublicKey.KeyBytes, .. Bytes(ScalarOf(1) % GroupOrder)];
        Assert.False(Ed25519.Verify(new PublicKey(Convert.FromHexString(key)), "m"u8, signature));
    }

    [Fact]
    public void Verify_NonceOfOrderOne_IsFalse()
    {
        using Account account = TestKeys.Of(1);
        byte[] nonce = Bytes(1);
        var challenge = new BigInteger(SHA512.HashData([.. nonce, .. account.PublicKey.KeyBytes, .. "m"u8]), isUnsigned: true);
        Assert.False(account.Verify("m"u8, [.. nonce, .. Bytes(challenge * ScalarOf(1) % GroupOrder)]));
    }

    [Fact]
    public void Verify_NonceOffByAPointOfOrderEight_IsFalse()
    {
        // Holds only when both sides are multiplied by the cofactor, which the chain does not do.
        using Account account = TestKeys.Of(1);
        Assert.False(account.Verify("m"u8, Convert.FromHexString("d2fdb41ffe00e4e22fa064f3e1b3e1726491f61f8f9413dcea0f869112be216d2070b0587aa4a740d317c0fb81fc1b081b5b9358f0d8858105e627ebc7727c0e")));
    }

    [Fact]
    public void Sign_FromManyThreads_IsAlwaysTheSame()
    {
        using Account account = TestKeys.Of(1);
        byte[] expected = account.Sign("message"u8);
        int wrong = 0;
        Parallel.For(0, 2000, _ =>
        {
            byte[] signature = account.Sign("message"u8);
            if (!signature.AsSpan().SequenceEqual(expected) || !account.Verify("message"u8, signature)) Interlocked.Increment(ref wrong);
        });
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void FromSecretKey_ForeignPublicHalf_Throws()
    {
        using Account account = TestKeys.Of(1);
        byte[] secret = account.ExportSecretKey();
        secret[40] ^= 1;
        ArgumentException error = Assert.Throws<ArgumentException>(() => Account.FromSecretKey(secret));
        Assert.Contains("public half", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromSecretKey_ExportedKey_RoundTripsInBothForms()
    {
        using var account = new Account();
        byte[] secret = account.ExportSecretKey();
        using Account fromBytes = Account.FromSecretKey(secret);
        using Account fromText = Account.FromSecretKey(Encoders.Base58.EncodeData(secret));
        Assert.Equal(account.PublicKey, fromBytes.PublicKey);
        Assert.Equal(account.PublicKey, fromText.PublicKey);
        Assert.Equal(account.PublicKey.Key, account.ToString());
    }

    [Fact]
    public void Sign_AfterDispose_Throws()
    {
        Account account = TestKeys.Of(1);
        account.Dispose();
        Assert.Throws<ObjectDisposedException>(() => account.Sign("m"u8));
    }

    private static byte[] Bytes(BigInteger number)
    {
        var bytes = new byte[32];
        Assert.True(number.TryWriteBytes(bytes, out _, isUnsigned: true));
        return bytes;
    }

    /// <summary>The secret scalar of <see cref="TestKeys.Of"/> (RFC 8032, section 5.1.5).</summary>
    private static BigInteger ScalarOf(byte seed)
    {
        using Account account = TestKeys.Of(seed);
        byte[] hash = SHA512.HashData(account.ExportSecretKey().AsSpan(0, Ed25519.SeedLength));
        hash[0] &= 0xf8;
        hash[31] = (byte)(hash[31] & 0x7f | 0x40);
        return new BigInteger(hash.AsSpan(0, 32), isUnsigned: true);
    }
}
