using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Instructions;

/// <summary>Builds the rewards program's calls for one network. Accounts left out are the derived ones.</summary>
public sealed class RewardsInstructions(ProgramAddresses addresses)
{
    /// <summary>Creates the pool's totals and vault, once.</summary>
    public TransactionInstruction Init(PublicKey authority) => RewardsLayout.Init.Build(
        addresses.Rewards,
        [addresses.NosMint, Reflection, Vault, authority, WellKnownAddresses.SystemProgram, WellKnownAddresses.TokenProgram, WellKnownAddresses.RentSysvar]);

    public TransactionInstruction Enter(PublicKey authority, PublicKey? stake = null) => RewardsLayout.Enter.Build(
        addresses.Rewards,
        [Reflection, stake ?? addresses.Stake(authority).Address, addresses.Reward(authority).Address, authority, WellKnownAddresses.SystemProgram]);

    /// <param name="amount">Micro-NOS from the authority's token account to all stakers.</param>
    public TransactionInstruction AddFee(PublicKey authority, ulong amount, PublicKey? user = null) => RewardsLayout.AddFee.Build(
        addresses.Rewards, [user ?? addresses.NosTokenAccount(authority), Reflection, Vault, authority, WellKnownAddresses.TokenProgram], amount);

    public TransactionInstruction Claim(PublicKey authority, PublicKey? user = null, PublicKey? reward = null, PublicKey? stake = null) =>
        RewardsLayout.Claim.Build(
            addresses.Rewards,
            [user ?? addresses.NosTokenAccount(authority), Vault, Reflection, reward ?? addresses.Reward(authority).Address,
                stake ?? addresses.Stake(authority).Address, authority, WellKnownAddresses.TokenProgram]);

    /// <summary>Brings a staker's share up to his stake; anyone may.</summary>
    public TransactionInstruction Sync(PublicKey reward, PublicKey stake) => RewardsLayout.Sync.Build(addresses.Rewards, [reward, stake, Reflection]);

    public TransactionInstruction Close(PublicKey authority, PublicKey? reward = null) => RewardsLayout.Close.Build(
        addresses.Rewards, [Reflection, reward ?? addresses.Reward(authority).Address, authority]);

    private PublicKey Reflection => addresses.Reflection().Address;

    private PublicKey Vault => addresses.RewardsVault().Address;
}
