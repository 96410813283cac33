using System.Text;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Tests.Wallet;

/// <summary>Program-derived addresses of the network, computed with @solana/web3.js.</summary>
public sealed class GoldenAddressTests
{
    private const string Wallet = "AKnL4NNf3DGWZJS6cPknBuEGnVsV4A4m5tgebLHaRSZ9";
    private const string Market = "9hSR6S7WPtxmTojgo6GG3k4yDPecgJY292j7xrsUGWBu";
    private const string MainnetMint = "nosXBVoaCTtYdLvKY6Csb4AC8JCdQKKAaWYtx2ZMoo7";
    private const string DevnetMint = "devr1BGQndEW5k5zfvG5FsLyZv1Ap73vNgAHcQ9sUVP";
    private const string MainnetJobs = "nosJhNRqr2bc9g1nfGDcXXTXvYUmxD4cVwy2pMWhrYM";
    private const string DevnetJobs = "nosJTmGQxvwXy23vng5UjkTbfv91Bzf9jEuro78dAGR";
    private const string Staking = "nosScmHY2uR24Zh751PmGj9ww9QRNHewh9H59AfrTJE";
    private const string Rewards = "nosRB8DUV67oLNrL45bo2pFLrmsWPiewe2Lk2DRNYCp";
    private const string Nodes = "nosNeZR64wiEhQc5j251bsP4WqDabT6hmz4PHyoHLGD";
    private const string Metaplex = "metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s";

    [Theory]
    [InlineData(1, Wallet)]
    [InlineData(2, Market)]
    [InlineData(3, "GyGKxMyg1p9SsHfm15MkNUu1u9TN2JtTspcdmrtGUdse")]
    [InlineData(4, "EdmxWPmx2WH6WgFfTdu9xfkYf3k1g5wD1zccTVySEEh1")]
    [InlineData(7, "GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB")]
    [InlineData(8, "2KW2XRd9kwqet15Aha2oK3tYvd3nWbTFH1MBiRAv1BE1")]
    public void FromSeed_RepeatedByte_MatchesVector(byte seed, string address)
    {
        using Account account = TestKeys.Of(seed);
        Assert.Equal(address, account.PublicKey.Key);
    }

    [Theory]
    [InlineData(Rewards, "6tjbAfNHnUusWLZqFznMKyBrjs1ZX92eyKwiUi2Bsg3x", 255, "reflection")]
    [InlineData(Rewards, "37xZ4jY3bSMBgxwekwdALRZK1kAUCh7YkkPabA4P2tq8", 255, "@" + MainnetMint)]
    [InlineData(Rewards, "4wk8dRGWQSCdRzvVJxu1jawHkV9pfzrEfUxYwYfwbXuk", 253, "@" + DevnetMint)]
    [InlineData(Staking, "HHt4ZXNMZb3eftbgPNjJvxCYGGitZmqJQXFgudV8dMcd", 255, "settings")]
    [InlineData(MainnetJobs, "9dq96Ymp89sQAorrRVf3yKTD51VW3GhTrWA3Gw83wWnT", 255, "@" + Market, "@" + MainnetMint)]
    [InlineData(DevnetJobs, "GG7dbu53nLhZhCtqTA5fETMjkSeLvod2Vpi1izFwH34w", 255, "@" + Market, "@" + DevnetMint)]
    [InlineData(Staking, "EbokyEAA8uDNPUEogg2YGYzNUaZeGPoB8zJJt6Nd4zZr", 255, "stake", "@" + MainnetMint, "@" + Wallet)]
    [InlineData(Staking, "DnmEKCQBx1DvD7MsYDfM6ZAmbcgYECWvz3VtMnjLWk2A", 255, "stake", "@" + DevnetMint, "@" + Wallet)]
    [InlineData(Staking, "6WA5YhJjJ1zr6MGZgeiv81hoQizkprps57viEZ6vgQRJ", 255, "vault", "@" + MainnetMint, "@" + Wallet)]
    [InlineData(Staking, "GLNWRuRFUwEgKWPQaG8xfKAPZucjpzeq1R2Bpt5yHNWx", 254, "vault", "@" + DevnetMint, "@" + Wallet)]
    [InlineData(Rewards, "9h9AoWsZUdCkrWL36LxhmcidddmYYFD9vFC5u9DU6Wsw", 251, "reward", "@" + Wallet)]
    [InlineData(Nodes, "EWExcPm6xbCdn2D5cupeZRYbz1jUmscnhYhUuXpH5tjz", 254, "node", "@" + Wallet)]
    [InlineData(Metaplex, "7AVyjrxu4kuf9FefZcNu3jRYYVapDhZLaPV1WGpEswgd", 253, "metadata", "@" + Metaplex, "@nftNgYSG5pbwL7kHeJ5NeDrX8c4KrG1CzWhEXT8RMJ3")]
    [InlineData(MainnetJobs, "giLkCXycxMP9u2Z6jBQ7Hr4E7ui7WS49gDka1Yvqymn", 253, "@97G9NnvBDQ2WpKu6fasoMsAKmfj63C9rhysJnkeWodAf", "@" + MainnetMint)]
    [InlineData(MainnetJobs, "EYZESGGY1rn2mEqMkzokKP4fxHcFePqhgwxp3ruacU5V", 255, "@7AtiXMSH6R1jjBxrcYjehCkkSF7zvYWte63gwEDBcGHq", "@" + MainnetMint)]
    [InlineData(MainnetJobs, "6xXAonT5D14tkF6RPUfhgvEioTCHy4YKsLZ2xKDumpwU", 254, "@7nxXoihx65yRGZiGzWZsFMz8D7qwxFePNKvDBWZnxc41", "@" + MainnetMint)]
    [InlineData(Staking, "5fhgdepSaQNKnFcm4pqdh1qxJu8Te1MXumPEpqURAbVV", null, "stake", "@" + MainnetMint, "@GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB")]
    [InlineData(MainnetJobs, "4LsWHRWvhDEbDjV5wDKcSh4Z3jJd2dwNSGphZUV6eadi", null, "@3BuW9SR5tG6VFK4MmkQQ3Ak8ny1K1Vv5Uz7is8Aa5pwG", "@" + MainnetMint)]
    public void TryFindProgramAddress_SeedsOfTheNetwork_MatchVector(string program, string address, int? bump, params string[] seeds)
    {
        IEnumerable<byte[]> bytes = seeds.Select(seed => seed[0] == '@' ? new PublicKey(seed[1..]).KeyBytes : Encoding.ASCII.GetBytes(seed));
        Assert.True(PublicKey.TryFindProgramAddress(bytes, new PublicKey(program), out PublicKey found, out byte foundBump));
        Assert.Equal(address, found.Key);
        if (bump is { } expected) Assert.Equal(expected, foundBump);
    }

    [Theory]
    [InlineData(Wallet, MainnetMint, "CaCifSg18g2djmbjQZ9pXpeWkQPi4RXyLYdJfFd5isxP")]
    [InlineData(Wallet, DevnetMint, "2oUZ3A7SH9AhGNuvoBTV6CEoQcekj15mJ4BNKNeKxdCr")]
    [InlineData("GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB", MainnetMint, "86yF1uUiWFLNxgYfuYYNupYhNrLnsSQzQRZu7ntRaLaP")]
    public void Derive_AssociatedTokenAccount_MatchesVector(string owner, string mint, string address) =>
        Assert.Equal(address, AssociatedTokenAccount.Derive(new PublicKey(owner), new PublicKey(mint)).Key);
}
