using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Staking;

/// <summary>The settings' authority takes from a stake.</summary>
internal sealed class SlashInstruction : AnchorInstruction
{
    private readonly TokenRule _vault, _tokenAccount;
    private readonly DataRule<StakeAccount> _stake;

    public SlashInstruction(NosanaNetworks networks) : base(StakingLayout.Slash)
    {
        DataRule<SettingsAccount>? settings = null;
        SignerRule? authority = null;
        _vault = Token("vault").Mut();
        _stake = Data<StakeAccount>("stake", networks.Primary.Staking).Mut().WithVault(() => _vault);
        _tokenAccount = Token("token_account").Mut().At(call => settings!.Of(call).TokenAccount, CommonError.InvalidTokenAccount);
        settings = Data<SettingsAccount>("settings", networks.Primary.Staking)
            .Seeded(_ => Seeds.Settings).HasOne(() => authority!, account => account.Authority, CommonError.Unauthorized);
        authority = Signer("authority");
        TokenProgram();
    }

    public override void Handle(AnchorCall call)
    {
        ulong amount = call.Argument<ulong>("amount");
        call.Require(amount <= _stake.Of(call).Amount, StakingError.AmountNotEnough);
        _stake.Update(call, stake => (stake with { Amount = stake.Amount - amount }).Weighed());
        Tokens.TransferFromVault(call, _vault, _tokenAccount, amount, Seeds.VaultSigner(call, _vault, _stake));
    }
}
