using System.Buffers.Binary;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>Limits and price that a transaction asks for with compute-budget instructions, and the fee that follows.</summary>
/// <param name="UnitLimit">Compute units the transaction may use.</param>
/// <param name="MicroLamportsPerUnit">Price of one unit in millionths of a lamport.</param>
internal readonly record struct ComputeBudget(ulong UnitLimit, ulong MicroLamportsPerUnit)
{
    public const ulong LamportsPerSignature = 5_000;
    public const ulong MaxUnits = 1_400_000;
    private const ulong DefaultUnitsPerInstruction = 200_000;
    private const ulong DefaultUnitsPerBuiltin = 3_000;
    private const uint MaxLoadedAccountsBytes = 64 * 1024 * 1024;
    private const int MinHeapBytes = 32 * 1024;
    private const int MaxHeapBytes = 256 * 1024;

    /// <summary>Fee in lamports: signatures, and the priority fee rounded up.</summary>
    public ulong Fee(int signatures)
    {
        UInt128 priority = ((UInt128)UnitLimit * MicroLamportsPerUnit + 999_999) / 1_000_000;
        ulong priorityFee = priority > ulong.MaxValue ? ulong.MaxValue : (ulong)priority;
        ulong baseFee = LamportsPerSignature * (ulong)signatures;
        return ulong.MaxValue - baseFee < priorityFee ? ulong.MaxValue : baseFee + priorityFee;
    }

    /// <summary>Reads the compute-budget instructions of a message. A malformed or repeated one fails the whole transaction.</summary>
    public static bool TryRead(ExecutableMessage message, out ComputeBudget budget, out TransactionError? error)
    {
        ulong? limit = null, price = null;
        bool heapSeen = false, dataSeen = false;
        ulong defaultLimit = 0;
        budget = default;
        error = null;
        for (int index = 0; index < message.Instructions.Length; index++)
        {
            CompiledCall call = message.Instructions[index];
            PublicKey program = message.Keys[call.ProgramIndex];
            if (program != WellKnownAddresses.ComputeBudgetProgram)
            {
                defaultLimit += program == WellKnownAddresses.SystemProgram ? DefaultUnitsPerBuiltin : DefaultUnitsPerInstruction;
                continue;
            }
            defaultLimit += DefaultUnitsPerBuiltin;
            ReadOnlySpan<byte> data = call.Data;
            bool repeated;
            switch (data.Length > 0 ? data[0] : byte.MaxValue)
            {
                case 1 when data.Length >= 5 && BinaryPrimitives.ReadUInt32LittleEndian(data[1..]) is >= MinHeapBytes and <= MaxHeapBytes and var heap
                    && heap % 1024 == 0:
                    repeated = heapSeen;
                    heapSeen = true;
                    break;
                case 2 when data.Length >= 5:
                    repeated = limit is not null;
                    limit = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
                    break;
                case 3 when data.Length >= 9:
                    repeated = price is not null;
                    price = BinaryPrimitives.ReadUInt64LittleEndian(data[1..]);
                    break;
                case 4 when data.Length >= 5 && BinaryPrimitives.ReadUInt32LittleEndian(data[1..]) is > 0 and <= MaxLoadedAccountsBytes:
                    repeated = dataSeen;
                    dataSeen = true;
                    break;
                default:
                    error = TransactionError.InstructionFailed(index, InstructionError.InvalidInstructionData);
                    return false;
            }
            if (!repeated) continue;
            error = TransactionError.DuplicateInstruction(index);
            return false;
        }
        budget = new ComputeBudget(Math.Min(limit ?? defaultLimit, MaxUnits), price ?? 0);
        return true;
    }
}
