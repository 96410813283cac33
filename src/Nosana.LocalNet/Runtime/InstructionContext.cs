using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>Everything a program sees of the call it serves.</summary>
public sealed class InstructionContext
{
    private readonly TransactionExecution _transaction;

    internal InstructionContext(TransactionExecution transaction, PublicKey programId, IReadOnlyList<AccountView> accounts, byte[] data, int depth)
    {
        _transaction = transaction;
        ProgramId = programId;
        Accounts = accounts;
        Data = data;
        Depth = depth;
    }

    public PublicKey ProgramId { get; }

    /// <summary>The accounts in the caller's order; an address may stand there more than once.</summary>
    public IReadOnlyList<AccountView> Accounts { get; }

    public byte[] Data { get; }

    public ClockSnapshot Clock => _transaction.Clock;

    /// <summary>1 for an instruction of the transaction, more for a call from another program.</summary>
    public int Depth { get; }

    /// <summary>Account at <paramref name="index"/>; fails with <c>NotEnoughAccountKeys</c> when the caller passed fewer.</summary>
    public AccountView Account(int index) =>
        index < Accounts.Count ? Accounts[index] : throw new InstructionFailure(InstructionError.NotEnoughAccountKeys);

    /// <summary>Writes <c>Program log: message</c>.</summary>
    public void Log(string message) => _transaction.Log($"Program log: {message}");

    /// <summary>Charges compute units on top of the flat charge of a call. Fails with <c>ComputationalBudgetExceeded</c>.</summary>
    public void Consume(ulong units) => _transaction.Consume(units);

    /// <summary>Leaves data for the caller; a later call may replace it.</summary>
    public void SetReturnData(byte[] data) => _transaction.ReturnData = (ProgramId, data);

    /// <summary>
    /// Calls another program. Every account must be among this call's own with at least the same privileges, except that the
    /// program-derived addresses of <paramref name="signerSeeds"/> (seeds with their bump, under this program's id) sign.
    /// </summary>
    public void Invoke(TransactionInstruction instruction, params IReadOnlyList<byte[]>[] signerSeeds) =>
        _transaction.InvokeFrom(this, instruction, signerSeeds);
}
