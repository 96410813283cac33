using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Programs;

/// <summary>Instructions of the compute budget program. They take no accounts and stand before the instructions they pay for.</summary>
public static class ComputeBudgetProgram
{
    /// <summary>Largest limit of a transaction.</summary>
    public const uint MaxComputeUnits = 1_400_000;

    private const byte SetComputeUnitLimitTag = 2;
    private const byte SetComputeUnitPriceTag = 3;

    /// <summary>Compute units that the transaction may use.</summary>
    public static TransactionInstruction SetComputeUnitLimit(uint units) => new(
        WellKnownAddresses.ComputeBudgetProgram, [], new InstructionData(5).U8(SetComputeUnitLimitTag).U32(units).ToArray());

    /// <summary>Price in micro-lamports a compute unit, paid for the limit and not for the use.</summary>
    public static TransactionInstruction SetComputeUnitPrice(ulong microLamports) => new(
        WellKnownAddresses.ComputeBudgetProgram, [], new InstructionData(9).U8(SetComputeUnitPriceTag).U64(microLamports).ToArray());
}
