using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;

namespace Nosana.LocalNet.Programs.Rewards;

/// <summary>Shares an amount among all who are in the pool.</summary>
internal sealed class AddFeeInstruction : AnchorInstruction
{
    private readonly TokenRule _user, _vault;
    private readonly DataRule<ReflectionAccount> _reflection;
    private readonly SignerRule _authority;

    public AddFeeInstruction(NosanaNetworks networks) : base(RewardsLayout.AddFee)
    {
        _user = Token("user").Mut();
        _reflection = Data<ReflectionAccount>("reflection", networks.Primary.Rewards).Mut().HasOne(() => _vault!, pool => pool.Vault, CommonError.InvalidVault);
        _vault = Token("vault").Mut();
        _authority = Signer("authority");
        TokenProgram();
    }

    public override void Handle(AnchorCall call)
    {
        ulong amount = call.Argument<ulong>("amount");
        _reflection.Update(call, pool => RewardPool.AddFee(pool, amount));
        Tokens.Transfer(call, _user, _vault, _authority, amount);
    }
}
