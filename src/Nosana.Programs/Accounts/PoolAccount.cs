using Nosana.Programs.Borsh;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Accounts;

/// <summary>A pool that emits NOS over time.</summary>
public sealed record PoolAccount : NosanaAccount<PoolAccount>, IAccountLayout<PoolAccount>
{
    public static string Name => "PoolAccount";

    public static int AllocatedLength => 136;

    public PublicKey Authority { get; init; }

    /// <summary>Token account that the pool pays.</summary>
    public PublicKey Beneficiary { get; init; }

    public PoolClaimType ClaimType { get; init; }

    /// <summary>Micro-NOS paid out so far.</summary>
    public ulong ClaimedTokens { get; init; }

    public bool Closeable { get; init; }

    /// <summary>Micro-NOS per second.</summary>
    public ulong Emission { get; init; }

    /// <summary>Unix seconds.</summary>
    public long StartTime { get; init; }

    public PublicKey Vault { get; init; }

    public byte VaultBump { get; init; }

    public static PoolAccount ReadFields(ref BorshReader reader) => new()
    {
        Authority = reader.ReadPublicKey(),
        Beneficiary = reader.ReadPublicKey(),
        ClaimType = (PoolClaimType)reader.ReadU8(),
        ClaimedTokens = reader.ReadU64(),
        Closeable = reader.ReadBool(),
        Emission = reader.ReadU64(),
        StartTime = reader.ReadI64(),
        Vault = reader.ReadPublicKey(),
        VaultBump = reader.ReadU8(),
    };

    public void WriteFields(BorshWriter writer) => writer
        .PublicKey(Authority).PublicKey(Beneficiary).U8((byte)ClaimType).U64(ClaimedTokens).Bool(Closeable)
        .U64(Emission).I64(StartTime).PublicKey(Vault).U8(VaultBump);
}

/// <summary>How a pool pays out: to a token account, or into the stakers' reflection.</summary>
public enum PoolClaimType : byte
{
    Transfer = 0,
    AddFee = 1,
    Unknown = 255,
}
