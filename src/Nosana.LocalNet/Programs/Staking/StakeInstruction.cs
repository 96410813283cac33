using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;

namespace Nosana.LocalNet.Programs.Staking;

/// <summary>Creates a wallet's stake and its vault.</summary>
internal sealed class StakeInstruction : AnchorInstruction
{
    private readonly TokenRule _user, _vault;
    private readonly DataRule<StakeAccount> _stake;
    private readonly SignerRule _authority;

    public StakeInstruction(NosanaNetworks networks) : base(StakingLayout.Stake)
    {
        MintRule? mint = null;
        mint = Mint("mint").At(call => networks.IsNosMint(mint!.Key(call)) ? mint.Key(call) : networks.Primary.NosMint, CommonError.InvalidMint);
        _user = Token("user").Mut();
        _vault = Token("vault").InitVault(() => _authority!, () => mint, call => Seeds.Vault(call, mint, _authority!));
        _stake = Data<StakeAccount>("stake", networks.Primary.Staking).Init(() => _authority!, call => Seeds.Stake(call, mint, _authority!));
        _authority = Signer("authority").Mut();
        SystemProgram();
        TokenProgram();
        Rent();
    }

    public override void Handle(AnchorCall call)
    {
        ulong amount = call.Argument<ulong>("amount");
        UInt128 duration = call.Argument<UInt128>("duration");
        call.Require(duration >= StakeWeight.DurationMin, StakingError.DurationTooShort);
        call.Require(duration <= StakeWeight.DurationMax, StakingError.DurationTooLong);
        _stake.Set(call, new StakeAccount
        {
            Amount = amount,
            Authority = _authority.Key(call),
            Duration = (ulong)duration,
            Vault = _vault.Key(call),
            VaultBump = _vault.Bump(call),
        }.Weighed());
        Tokens.Transfer(call, _user, _vault, _authority, amount);
    }
}
