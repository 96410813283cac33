using Nosana.Programs.Borsh;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Accounts;

/// <summary>The one account of the rewards pool's totals.</summary>
public sealed record ReflectionAccount : NosanaAccount<ReflectionAccount>, IAccountLayout<ReflectionAccount>
{
    public static string Name => "ReflectionAccount";

    public static int AllocatedLength => 96;

    public UInt128 Rate { get; init; }

    public UInt128 TotalReflection { get; init; }

    public UInt128 TotalXnos { get; init; }

    public PublicKey Vault { get; init; }

    public byte VaultBump { get; init; }

    public static ReflectionAccount ReadFields(ref BorshReader reader) => new()
    {
        Rate = reader.ReadU128(),
        TotalReflection = reader.ReadU128(),
        TotalXnos = reader.ReadU128(),
        Vault = reader.ReadPublicKey(),
        VaultBump = reader.ReadU8(),
    };

    public void WriteFields(BorshWriter writer) => writer.U128(Rate).U128(TotalReflection).U128(TotalXnos).PublicKey(Vault).U8(VaultBump);
}
