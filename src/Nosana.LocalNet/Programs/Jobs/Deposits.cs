using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;
using Nosana.Solana.Programs;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>The deposit of list, assign and extend, and the network's fee where there is one.</summary>
internal sealed record Deposits(JobsSetup Setup, TokenRule User, TokenRule Vault, SignerRule Payer, AccountRule Reflection, AccountRule RewardsVault)
{
    public void Pay(AnchorCall call, ulong price, long seconds)
    {
        if (price == 0) return;
        ulong deposit = JobPayment.Deposit(price, seconds);
        Tokens.Transfer(call, User, Vault, Payer, deposit);
        ulong fee = JobPayment.Fee(deposit, Setup.FeeDivisor);
        if (fee == 0) return;
        call.Invoke(RewardsLayout.AddFee.Build(
            Setup.Addresses.Rewards,
            [User.Key(call), Reflection.Key(call), RewardsVault.Key(call), Payer.Key(call), WellKnownAddresses.TokenProgram],
            fee));
    }
}
