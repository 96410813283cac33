using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Money;

namespace Nosana.LocalNet.Programs.Staking;

/// <summary>What the instructions on an existing stake have in common.</summary>
internal static class Stakes
{
    /// <summary>The stake with the weight that its other fields give it.</summary>
    public static StakeAccount Weighed(this StakeAccount stake) =>
        stake with { Xnos = stake.TimeUnstake != 0 ? UInt128.Zero : StakeWeight.Xnos(stake.Amount, stake.Duration) };

    public static DataRule<StakeAccount> Of(this DataRule<StakeAccount> stake, Func<AccountRule> authority) =>
        stake.HasOne(authority, account => account.Authority, CommonError.Unauthorized);

    public static DataRule<StakeAccount> WithVault(this DataRule<StakeAccount> stake, Func<AccountRule> vault) =>
        stake.HasOne(vault, account => account.Vault, CommonError.InvalidVault);

    public static DataRule<StakeAccount> Staked(this DataRule<StakeAccount> stake) =>
        stake.Where(call => stake.Of(call).TimeUnstake == 0, StakingError.AlreadyUnstaked);

    public static DataRule<StakeAccount> Unstaked(this DataRule<StakeAccount> stake, StakingError otherwise) =>
        stake.Where(call => stake.Of(call).TimeUnstake != 0, otherwise);
}
