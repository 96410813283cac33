using Nosana.Programs.Borsh;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Accounts;

/// <summary>A wallet's stake; its address is derived from the wallet.</summary>
public sealed record StakeAccount : NosanaAccount<StakeAccount>, IAccountLayout<StakeAccount>
{
    public const int AuthorityOffset = 16;

    public static string Name => "StakeAccount";

    public static int AllocatedLength => 120;

    /// <summary>Micro-NOS.</summary>
    public ulong Amount { get; init; }

    public PublicKey Authority { get; init; }

    /// <summary>Seconds over which the stake is released after unstake.</summary>
    public ulong Duration { get; init; }

    /// <summary>Unix seconds, 0 while staked.</summary>
    public long TimeUnstake { get; init; }

    public PublicKey Vault { get; init; }

    public byte VaultBump { get; init; }

    /// <summary>Weight in micro-xNOS (<see cref="Money.StakeWeight"/>), 0 after unstake.</summary>
    public UInt128 Xnos { get; init; }

    public static StakeAccount ReadFields(ref BorshReader reader) => new()
    {
        Amount = reader.ReadU64(),
        Authority = reader.ReadPublicKey(),
        Duration = reader.ReadU64(),
        TimeUnstake = reader.ReadI64(),
        Vault = reader.ReadPublicKey(),
        VaultBump = reader.ReadU8(),
        Xnos = reader.ReadU128(),
    };

    public void WriteFields(BorshWriter writer) => writer
        .U64(Amount).PublicKey(Authority).U64(Duration).I64(TimeUnstake).PublicKey(Vault).U8(VaultBump).U128(Xnos);
}
