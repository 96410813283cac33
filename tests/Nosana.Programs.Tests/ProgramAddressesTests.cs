using Nosana.Solana.Wallet;

namespace Nosana.Programs.Tests;

public sealed class ProgramAddressesTests
{
    public static TheoryData<string, string, int> Derived => new()
    {
        { "reflection", "6tjbAfNHnUusWLZqFznMKyBrjs1ZX92eyKwiUi2Bsg3x", 255 },
        { "rewards vault mainnet", "37xZ4jY3bSMBgxwekwdALRZK1kAUCh7YkkPabA4P2tq8", 255 },
        { "rewards vault devnet", "4wk8dRGWQSCdRzvVJxu1jawHkV9pfzrEfUxYwYfwbXuk", 253 },
        { "stake settings", "HHt4ZXNMZb3eftbgPNjJvxCYGGitZmqJQXFgudV8dMcd", 255 },
        { "market vault mainnet", "9dq96Ymp89sQAorrRVf3yKTD51VW3GhTrWA3Gw83wWnT", 255 },
        { "market vault devnet", "GG7dbu53nLhZhCtqTA5fETMjkSeLvod2Vpi1izFwH34w", 255 },
        { "stake mainnet", "EbokyEAA8uDNPUEogg2YGYzNUaZeGPoB8zJJt6Nd4zZr", 255 },
        { "stake devnet", "DnmEKCQBx1DvD7MsYDfM6ZAmbcgYECWvz3VtMnjLWk2A", 255 },
        { "stake vault mainnet", "6WA5YhJjJ1zr6MGZgeiv81hoQizkprps57viEZ6vgQRJ", 255 },
        { "stake vault devnet", "GLNWRuRFUwEgKWPQaG8xfKAPZucjpzeq1R2Bpt5yHNWx", 254 },
        { "reward", "9h9AoWsZUdCkrWL36LxhmcidddmYYFD9vFC5u9DU6Wsw", 251 },
        { "node", "EWExcPm6xbCdn2D5cupeZRYbz1jUmscnhYhUuXpH5tjz", 254 },
        { "metadata", "7AVyjrxu4kuf9FefZcNu3jRYYVapDhZLaPV1WGpEswgd", 253 },
        { "vault 4090", "giLkCXycxMP9u2Z6jBQ7Hr4E7ui7WS49gDka1Yvqymn", 253 },
        { "vault 3060", "EYZESGGY1rn2mEqMkzokKP4fxHcFePqhgwxp3ruacU5V", 255 },
        { "vault default", "6xXAonT5D14tkF6RPUfhgvEioTCHy4YKsLZ2xKDumpwU", 254 },
    };

    [Theory]
    [MemberData(nameof(Derived))]
    public void DerivedAddress_OfVector_HasAddressAndBump(string what, string address, int bump)
    {
        ProgramAddresses mainnet = ProgramAddresses.Mainnet, devnet = ProgramAddresses.Devnet;
        ProgramDerivedAddress derived = what switch
        {
            "reflection" => mainnet.Reflection(),
            "rewards vault mainnet" => mainnet.RewardsVault(),
            "rewards vault devnet" => devnet.RewardsVault(),
            "stake settings" => mainnet.StakeSettings(),
            "market vault mainnet" => mainnet.MarketVault(Vectors.Market),
            "market vault devnet" => devnet.MarketVault(Vectors.Market),
            "stake mainnet" => mainnet.Stake(Vectors.Wallet),
            "stake devnet" => devnet.Stake(Vectors.Wallet),
            "stake vault mainnet" => mainnet.StakeVault(Vectors.Wallet),
            "stake vault devnet" => devnet.StakeVault(Vectors.Wallet),
            "reward" => mainnet.Reward(Vectors.Wallet),
            "node" => mainnet.Node(Vectors.Wallet),
            "metadata" => ProgramAddresses.Metadata(new PublicKey("nftNgYSG5pbwL7kHeJ5NeDrX8c4KrG1CzWhEXT8RMJ3")),
            "vault 4090" => mainnet.MarketVault(new PublicKey("97G9NnvBDQ2WpKu6fasoMsAKmfj63C9rhysJnkeWodAf")),
            "vault 3060" => mainnet.MarketVault(new PublicKey("7AtiXMSH6R1jjBxrcYjehCkkSF7zvYWte63gwEDBcGHq")),
            "vault default" => mainnet.MarketVault(new PublicKey("7nxXoihx65yRGZiGzWZsFMz8D7qwxFePNKvDBWZnxc41")),
            _ => throw new ArgumentException(what),
        };
        Assert.Equal((address, (byte)bump), (derived.Address.Key, derived.Bump));
    }

    [Fact]
    public void NosTokenAccount_OfVector_IsTheAssociatedAccount()
    {
        Assert.Equal("CaCifSg18g2djmbjQZ9pXpeWkQPi4RXyLYdJfFd5isxP", ProgramAddresses.Mainnet.NosTokenAccount(Vectors.Wallet).Key);
        Assert.Equal("2oUZ3A7SH9AhGNuvoBTV6CEoQcekj15mJ4BNKNeKxdCr", ProgramAddresses.Devnet.NosTokenAccount(Vectors.Wallet).Key);
    }

    [Fact]
    public void ForNetwork_Localnet_HasDevnetsPrograms()
    {
        Assert.Same(ProgramAddresses.Devnet, ProgramAddresses.ForNetwork("localnet"));
        Assert.Same(ProgramAddresses.Mainnet, ProgramAddresses.ForNetwork("mainnet"));
        Assert.Throws<ArgumentException>(() => ProgramAddresses.ForNetwork("testnet"));
    }
}
