using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Staking;

/// <summary>Replaces the settings' authority and slash destination.</summary>
internal sealed class UpdateSettingsInstruction : AnchorInstruction
{
    private readonly UncheckedRule _newAuthority;
    private readonly TokenRule _tokenAccount;
    private readonly DataRule<SettingsAccount> _settings;

    public UpdateSettingsInstruction(NosanaNetworks networks) : base(StakingLayout.UpdateSettings)
    {
        SignerRule? authority = null;
        _newAuthority = Unchecked("new_authority");
        _tokenAccount =
            Token("token_account").OfMint(call => networks.IsNosMint(_tokenAccount!.Of(call).Mint) ? _tokenAccount.Of(call).Mint : networks.Primary.NosMint);
        _settings = Data<SettingsAccount>("settings", networks.Primary.Staking)
            .Mut().Seeded(_ => Seeds.Settings).HasOne(() => authority!, account => account.Authority, CommonError.Unauthorized);
        authority = Signer("authority");
    }

    public override void Handle(AnchorCall call) =>
        _settings.Set(call, new SettingsAccount { Authority = _newAuthority.Key(call), TokenAccount = _tokenAccount.Key(call) });
}
