using Nosana.Programs.Borsh;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Accounts;

/// <summary>Settings of the staking program: who may slash, and where slashed stake goes.</summary>
public sealed record SettingsAccount : NosanaAccount<SettingsAccount>, IAccountLayout<SettingsAccount>
{
    public static string Name => "SettingsAccount";

    public static int AllocatedLength => 72;

    public PublicKey Authority { get; init; }

    public PublicKey TokenAccount { get; init; }

    public static SettingsAccount ReadFields(ref BorshReader reader) => new() { Authority = reader.ReadPublicKey(), TokenAccount = reader.ReadPublicKey() };

    public void WriteFields(BorshWriter writer) => writer.PublicKey(Authority).PublicKey(TokenAccount);
}
