using Nosana.Programs.Accounts;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Instructions;

/// <summary>Builds the pools program's calls for one network.</summary>
public sealed class PoolsInstructions(ProgramAddresses addresses)
{
    /// <param name="pool">Address of a fresh key, which signs.</param>
    /// <param name="emission">Micro-NOS per second.</param>
    /// <param name="startTime">Unix seconds.</param>
    public TransactionInstruction Open(
        PublicKey pool, PublicKey beneficiary, PublicKey authority, ulong emission, long startTime, PoolClaimType claimType, bool closeable) =>
        PoolsLayout.Open.Build(
            addresses.Pools,
            [
                pool, addresses.PoolVault(pool).Address, beneficiary, authority, addresses.NosMint,
                WellKnownAddresses.SystemProgram, WellKnownAddresses.TokenProgram, WellKnownAddresses.RentSysvar,
            ],
            emission, startTime, (byte)claimType, closeable);

    /// <summary>Pays what is due into the stakers' reflection; does nothing while less than one emission is there.</summary>
    public TransactionInstruction ClaimFee(PublicKey pool, PublicKey authority) => PoolsLayout.ClaimFee.Build(
        addresses.Pools,
        [
            addresses.PoolVault(pool).Address, addresses.Reflection().Address, addresses.RewardsVault().Address, pool, authority,
            WellKnownAddresses.TokenProgram, addresses.Rewards,
        ]);

    public TransactionInstruction ClaimTransfer(PublicKey pool, PublicKey beneficiary, PublicKey authority) => PoolsLayout.ClaimTransfer.Build(
        addresses.Pools, [addresses.PoolVault(pool).Address, beneficiary, pool, authority, WellKnownAddresses.TokenProgram]);

    /// <param name="user">Token account that receives the rest.</param>
    public TransactionInstruction Close(PublicKey pool, PublicKey user, PublicKey authority) => PoolsLayout.Close.Build(
        addresses.Pools, [addresses.PoolVault(pool).Address, user, pool, authority, WellKnownAddresses.TokenProgram]);

    /// <param name="authority">Owner of the present beneficiary's token account.</param>
    public TransactionInstruction UpdateBeneficiary(PublicKey pool, PublicKey beneficiary, PublicKey newBeneficiary, PublicKey authority) =>
        PoolsLayout.UpdateBeneficiary.Build(
            addresses.Pools, [beneficiary, newBeneficiary, pool, authority, WellKnownAddresses.TokenProgram]);
}
