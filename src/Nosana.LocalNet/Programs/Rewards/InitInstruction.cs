using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;

namespace Nosana.LocalNet.Programs.Rewards;

/// <summary>Creates the totals and the vault, once.</summary>
internal sealed class InitInstruction : AnchorInstruction
{
    private readonly DataRule<ReflectionAccount> _reflection;
    private readonly TokenRule _vault;

    public InitInstruction(NosanaNetworks networks) : base(RewardsLayout.Init)
    {
        SignerRule? authority = null;
        MintRule? mint = null;
        mint = Mint("mint").At(call => networks.IsNosMint(mint!.Key(call)) ? mint.Key(call) : networks.Primary.NosMint, CommonError.InvalidMint);
        _reflection = Data<ReflectionAccount>("reflection", networks.Primary.Rewards).Init(() => authority!, _ => ["reflection"u8.ToArray()]);
        _vault = Token("vault").InitVault(() => authority!, () => mint, call => [mint.Key(call).KeyBytes]);
        authority = Signer("authority").Mut();
        SystemProgram();
        TokenProgram();
        Rent();
    }

    public override void Handle(AnchorCall call) =>
        _reflection.Set(call, new ReflectionAccount { Rate = RewardPool.InitialRate, Vault = _vault.Key(call), VaultBump = _vault.Bump(call) });
}
