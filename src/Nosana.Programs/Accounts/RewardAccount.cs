using Nosana.Programs.Borsh;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Accounts;

/// <summary>A staker's share of the rewards pool.</summary>
public sealed record RewardAccount : NosanaAccount<RewardAccount>, IAccountLayout<RewardAccount>
{
    public static string Name => "RewardAccount";

    public static int AllocatedLength => 80;

    public PublicKey Authority { get; init; }

    public byte Bump { get; init; }

    public UInt128 Reflection { get; init; }

    public UInt128 Xnos { get; init; }

    public static RewardAccount ReadFields(ref BorshReader reader) => new()
    {
        Authority = reader.ReadPublicKey(),
        Bump = reader.ReadU8(),
        Reflection = reader.ReadU128(),
        Xnos = reader.ReadU128(),
    };

    public void WriteFields(BorshWriter writer) => writer.PublicKey(Authority).U8(Bump).U128(Reflection).U128(Xnos);
}
