using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Instructions;

/// <summary>Builds the staking program's calls for one network. Accounts left out are the derived ones of the authority.</summary>
public sealed class StakingInstructions(ProgramAddresses addresses)
{
    /// <summary>Creates the program's settings, once.</summary>
    public TransactionInstruction Init(PublicKey authority) => StakingLayout.Init.Build(
        addresses.Staking, [addresses.StakeSettings().Address, authority, WellKnownAddresses.SystemProgram, WellKnownAddresses.RentSysvar]);

    /// <param name="amount">Micro-NOS, 0 allowed.</param>
    /// <param name="duration">Seconds, <see cref="Money.StakeWeight.DurationMin"/> to <see cref="Money.StakeWeight.DurationMax"/>.</param>
    public TransactionInstruction Stake(PublicKey authority, ulong amount, UInt128 duration, PublicKey? user = null) => StakingLayout.Stake.Build(
        addresses.Staking,
        [
            addresses.NosMint, user ?? addresses.NosTokenAccount(authority), addresses.StakeVault(authority).Address, addresses.Stake(authority).Address,
            authority,
            WellKnownAddresses.SystemProgram, WellKnownAddresses.TokenProgram, WellKnownAddresses.RentSysvar,
        ],
        amount, duration);

    /// <param name="stake">The authority's own by default.</param>
    /// <param name="reward">The reward account of the authority, which must not exist.</param>
    public TransactionInstruction Unstake(PublicKey authority, PublicKey? stake = null, PublicKey? reward = null) => StakingLayout.Unstake.Build(
        addresses.Staking, [stake ?? addresses.Stake(authority).Address, reward ?? addresses.Reward(authority).Address, authority]);

    public TransactionInstruction Restake(PublicKey authority, PublicKey? vault = null, PublicKey? stake = null) => StakingLayout.Restake.Build(
        addresses.Staking, [vault ?? addresses.StakeVault(authority).Address, stake ?? addresses.Stake(authority).Address, authority]);

    /// <param name="amount">Micro-NOS, at least 1.</param>
    public TransactionInstruction Topup(PublicKey authority, ulong amount, PublicKey? user = null, PublicKey? vault = null, PublicKey? stake = null) =>
        StakingLayout.Topup.Build(
            addresses.Staking,
            [user ?? addresses.NosTokenAccount(authority), vault ?? addresses.StakeVault(authority).Address, stake ?? addresses.Stake(authority).Address,
                authority, WellKnownAddresses.TokenProgram],
            amount);

    /// <param name="duration">Seconds to add, not the new total.</param>
    public TransactionInstruction Extend(PublicKey authority, ulong duration, PublicKey? stake = null) => StakingLayout.Extend.Build(
        addresses.Staking, [stake ?? addresses.Stake(authority).Address, authority], duration);

    public TransactionInstruction Withdraw(PublicKey authority, PublicKey? user = null, PublicKey? vault = null, PublicKey? stake = null) =>
        StakingLayout.Withdraw.Build(
            addresses.Staking,
            [user ?? addresses.NosTokenAccount(authority), vault ?? addresses.StakeVault(authority).Address, stake ?? addresses.Stake(authority).Address,
                authority, WellKnownAddresses.TokenProgram]);

    public TransactionInstruction Close(PublicKey authority, PublicKey? user = null, PublicKey? vault = null, PublicKey? stake = null) =>
        StakingLayout.Close.Build(
            addresses.Staking,
            [user ?? addresses.NosTokenAccount(authority), stake ?? addresses.Stake(authority).Address, vault ?? addresses.StakeVault(authority).Address,
                authority, WellKnownAddresses.TokenProgram]);

    /// <param name="staker">Wallet whose stake is cut.</param>
    /// <param name="tokenAccount">Destination of the settings.</param>
    /// <param name="authority">Authority of the settings.</param>
    public TransactionInstruction Slash(PublicKey staker, PublicKey tokenAccount, PublicKey authority, ulong amount, PublicKey? settings = null) =>
        StakingLayout.Slash.Build(
            addresses.Staking,
            [addresses.StakeVault(staker).Address, addresses.Stake(staker).Address, tokenAccount, settings ?? addresses.StakeSettings().Address, authority,
                WellKnownAddresses.TokenProgram],
            amount);

    public TransactionInstruction UpdateSettings(PublicKey newAuthority, PublicKey tokenAccount, PublicKey authority, PublicKey? settings = null) =>
        StakingLayout.UpdateSettings.Build(
            addresses.Staking, [newAuthority, tokenAccount, settings ?? addresses.StakeSettings().Address, authority]);
}
