using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Staking;

/// <summary>Creates the settings, once.</summary>
internal sealed class InitInstruction : AnchorInstruction
{
    private readonly NosanaNetworks _networks;
    private readonly DataRule<SettingsAccount> _settings;

    public InitInstruction(NosanaNetworks networks) : base(StakingLayout.Init)
    {
        _networks = networks;
        SignerRule? authority = null;
        _settings = Data<SettingsAccount>("settings", networks.Primary.Staking).Init(() => authority!, _ => Seeds.Settings);
        authority = Signer("authority").Mut();
        SystemProgram();
        Rent();
    }

    public override void Handle(AnchorCall call) =>
        _settings.Set(call, new SettingsAccount { Authority = _networks.Primary.Authority, TokenAccount = _networks.Primary.SlashTokenAccount });
}
