using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.Programs;

/// <summary>
/// Everything that differs between the builds of Nosana's programs: their ids, the NOS mint and the keys with special rights,
/// and the addresses derived from them (solana-programs specification, sections 1 and 4).
/// </summary>
public sealed record ProgramAddresses
{
    /// <summary>NOS has 6 decimals: one NOS is 1,000,000 base units (micro-NOS).</summary>
    public const byte NosDecimals = 6;

    /// <summary>The programs as mainnet has them.</summary>
    public static readonly ProgramAddresses Mainnet = new()
    {
        Network = "mainnet",
        Jobs = new PublicKey("nosJhNRqr2bc9g1nfGDcXXTXvYUmxD4cVwy2pMWhrYM"),
        NosMint = new PublicKey("nosXBVoaCTtYdLvKY6Csb4AC8JCdQKKAaWYtx2ZMoo7"),
        MarketAdmin = new PublicKey("AdmMVMMU3po5BP3bVWsF9GgN6NNEfpfxpTDGTzjgb72S"),
        Authority = new PublicKey("NosanarMxfrZbyCx5CotBVrzxiPcrnhj6ickpX9vRkB"),
        SlashTokenAccount = new PublicKey("A9V8JkR5HihvFpHq1ZbwrpPAGBhsGfeWw5TVcUdGf2dg"),
    };

    /// <summary>The programs as devnet and every local network have them.</summary>
    public static readonly ProgramAddresses Devnet = new()
    {
        Network = "devnet",
        Jobs = new PublicKey("nosJTmGQxvwXy23vng5UjkTbfv91Bzf9jEuro78dAGR"),
        NosMint = new PublicKey("devr1BGQndEW5k5zfvG5FsLyZv1Ap73vNgAHcQ9sUVP"),
        MarketAdmin = new PublicKey("XXXxddiNnmoD2h2LbQYaL76Swi21MaQbtBbRynAdQL8"),
        Authority = new PublicKey("XXXxddiNnmoD2h2LbQYaL76Swi21MaQbtBbRynAdQL8"),
        SlashTokenAccount = new PublicKey("HLtABkKqsUjb4ECPEnvad6HN7QYf6ANHahAeZQXrAGgV"),
    };

    /// <summary>"mainnet" or "devnet".</summary>
    public required string Network { get; init; }

    public required PublicKey Jobs { get; init; }

    public PublicKey Staking { get; init; } = new("nosScmHY2uR24Zh751PmGj9ww9QRNHewh9H59AfrTJE");

    public PublicKey Rewards { get; init; } = new("nosRB8DUV67oLNrL45bo2pFLrmsWPiewe2Lk2DRNYCp");

    public PublicKey Pools { get; init; } = new("nosPdZrfDzND1LAR28FLMDEATUPK53K8xbRBXAirevD");

    public PublicKey Nodes { get; init; } = new("nosNeZR64wiEhQc5j251bsP4WqDabT6hmz4PHyoHLGD");

    /// <summary>The NOS token: an SPL Token mint with 6 decimals.</summary>
    public required PublicKey NosMint { get; init; }

    /// <summary>May call close_admin, quit_admin and clean_admin.</summary>
    public required PublicKey MarketAdmin { get; init; }

    /// <summary>May audit nodes; first authority of the staking settings.</summary>
    public required PublicKey Authority { get; init; }

    /// <summary>First destination of slashed stakes.</summary>
    public required PublicKey SlashTokenAccount { get; init; }

    /// <summary>The programs of a network by its name: "mainnet", "devnet" or "localnet" (which has devnet's ids).</summary>
    public static ProgramAddresses ForNetwork(string network) => network switch
    {
        "mainnet" => Mainnet,
        "devnet" or "localnet" => Devnet,
        _ => throw new ArgumentException($"Unknown network '{network}': mainnet, devnet or localnet.", nameof(network)),
    };

    /// <summary>The token account that holds a market's deposits; it is its own authority.</summary>
    public ProgramDerivedAddress MarketVault(PublicKey market) => ProgramDerivedAddress.Find(Jobs, market.KeyBytes, NosMint.KeyBytes);

    public ProgramDerivedAddress Stake(PublicKey wallet) => ProgramDerivedAddress.Find(Staking, "stake"u8.ToArray(), NosMint.KeyBytes, wallet.KeyBytes);

    public ProgramDerivedAddress StakeVault(PublicKey wallet) => ProgramDerivedAddress.Find(Staking, "vault"u8.ToArray(), NosMint.KeyBytes, wallet.KeyBytes);

    public ProgramDerivedAddress StakeSettings() => ProgramDerivedAddress.Find(Staking, "settings"u8.ToArray());

    public ProgramDerivedAddress Reflection() => ProgramDerivedAddress.Find(Rewards, "reflection"u8.ToArray());

    public ProgramDerivedAddress RewardsVault() => ProgramDerivedAddress.Find(Rewards, NosMint.KeyBytes);

    public ProgramDerivedAddress Reward(PublicKey wallet) => ProgramDerivedAddress.Find(Rewards, "reward"u8.ToArray(), wallet.KeyBytes);

    public ProgramDerivedAddress Node(PublicKey wallet) => ProgramDerivedAddress.Find(Nodes, "node"u8.ToArray(), wallet.KeyBytes);

    public ProgramDerivedAddress PoolVault(PublicKey pool) => ProgramDerivedAddress.Find(Pools, "vault"u8.ToArray(), pool.KeyBytes);

    /// <summary>Metaplex's metadata account of a mint. The same on every network.</summary>
    public static ProgramDerivedAddress Metadata(PublicKey mint) =>
        ProgramDerivedAddress.Find(
            WellKnownAddresses.TokenMetadataProgram, "metadata"u8.ToArray(), WellKnownAddresses.TokenMetadataProgram.KeyBytes, mint.KeyBytes);

    /// <summary>The wallet's associated token account for NOS.</summary>
    public PublicKey NosTokenAccount(PublicKey owner) => AssociatedTokenAccount.Derive(owner, NosMint);
}
