using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>One transaction on its private copy of the accounts it names. Nothing here reaches the bank until the bank commits it.</summary>
internal sealed class TransactionExecution
{
    private const int MaxDepth = 5;
    private const int MaxLogBytes = 10_000;
    private const string Truncated = "Log truncated";

    private readonly IReadOnlyDictionary<PublicKey, IOnChainProgram> _programs;
    private readonly ExecutableMessage _message;
    private readonly WorkingAccount[] _accounts;
    private readonly Dictionary<PublicKey, int> _indexes;
    private readonly List<PublicKey> _stack = [];
    private readonly ulong _unitLimit;
    private int _logBytes;
    private int _current;

    public TransactionExecution(
        IReadOnlyDictionary<PublicKey, IOnChainProgram> programs, ExecutableMessage message, Func<PublicKey, AccountState> load, ClockSnapshot clock,
        ulong unitLimit)
    {
        _programs = programs;
        _message = message;
        _unitLimit = unitLimit;
        Clock = clock;
        _accounts = [.. message.Keys.Select(key => new WorkingAccount(key, load(key)))];
        _indexes = new Dictionary<PublicKey, int>(_accounts.Length);
        for (int i = 0; i < _accounts.Length; i++) _indexes.TryAdd(message.Keys[i], i);
    }

    public ClockSnapshot Clock { get; }

    public IReadOnlyList<WorkingAccount> Accounts => _accounts;

    public List<string> Logs { get; } = [];

    public List<InnerCall> InnerCalls { get; } = [];

    public ulong UnitsConsumed { get; private set; }

    /// <summary>What the last program that returned anything returned.</summary>
    public (PublicKey Program, byte[] Data)? ReturnData { get; set; }

    /// <summary>Runs every instruction in order; null when all succeeded.</summary>
    public TransactionError? Run()
    {
        for (_current = 0; _current < _message.Instructions.Length; _current++)
        {
            CompiledCall call = _message.Instructions[_current];
            AccountView[] views = [.. call.Accounts.Select(index =>
                new AccountView(_accounts[index], _message.Keys[call.ProgramIndex], _message.IsSigner(index), _message.Writable[index]))];
            try
            {
                Call(_message.Keys[call.ProgramIndex], views, call.Data);
            }
            catch (InstructionFailure failure)
            {
                return TransactionError.InstructionFailed(_current, failure.Error);
            }
        }
        return CheckRent();
    }

    public void Log(string line)
    {
        if (_logBytes > MaxLogBytes) return;
        _logBytes += line.Length;
        Logs.Add(_logBytes > MaxLogBytes ? Truncated : line);
    }

    public void Consume(ulong units)
    {
        if (units > _unitLimit - UnitsConsumed)
        {
            UnitsConsumed = _unitLimit;
            throw new InstructionFailure(InstructionError.ComputationalBudgetExceeded);
        }
        UnitsConsumed += units;
    }

    public void InvokeFrom(InstructionContext caller, TransactionInstruction instruction, IReadOnlyList<IReadOnlyList<byte[]>> signerSeeds)
    {
        HashSet<PublicKey> derived = [.. signerSeeds.Select(seeds => Derive(seeds, caller.ProgramId))];
        var merged = new Dictionary<PublicKey, (bool Signer, bool Writable)>();
        foreach (AccountMeta meta in instruction.Keys)
        {
            (bool signer, bool writable) = merged.GetValueOrDefault(meta.PublicKey);
            merged[meta.PublicKey] = (signer || meta.IsSigner, writable || meta.IsWritable);
        }
        foreach ((PublicKey key, (bool signer, bool writable)) in merged)
        {
            AccountView[] known = [.. caller.Accounts.Where(account => account.Key == key)];
            if (known.Length == 0) throw Refuse($"Instruction references an unknown account {key}", InstructionError.MissingAccount);
            if (writable && !known.Any(account => account.IsWritable))
                throw Refuse($"{key}'s writable privilege escalated", InstructionError.PrivilegeEscalation);
            if (signer && !known.Any(account => account.IsSigner) && !derived.Contains(key))
                throw Refuse($"{key}'s signer privilege escalated", InstructionError.PrivilegeEscalation);
        }
        // That another instruction of the transaction names the program does not help this one.
        if (!caller.Accounts.Any(account => account.Key == instruction.ProgramId))
            throw Refuse($"Unknown program {instruction.ProgramId}", InstructionError.MissingAccount);

        byte[] indexes = [.. instruction.Keys.Select(meta => (byte)_indexes[meta.PublicKey])];
        InnerCalls.Add(new InnerCall(_current, new CompiledCall(_indexes[instruction.ProgramId], indexes, instruction.Data), caller.Depth + 1));
        AccountView[] views = [.. instruction.Keys.Select(meta => new AccountView(
            _accounts[_indexes[meta.PublicKey]], instruction.ProgramId, merged[meta.PublicKey].Signer, merged[meta.PublicKey].Writable))];
        Call(instruction.ProgramId, views, instruction.Data);
    }

    private static PublicKey Derive(IReadOnlyList<byte[]> seeds, PublicKey programId)
    {
        if (seeds.Count > PublicKey.MaxSeeds || seeds.Any(seed => seed.Length > PublicKey.Length))
            throw new InstructionFailure(InstructionError.MaxSeedLengthExceeded);
        return PublicKey.TryCreateProgramAddress(seeds, programId, out PublicKey address)
            ? address
            : throw new InstructionFailure(InstructionError.InvalidSeeds);
    }

    private InstructionFailure Refuse(string line, InstructionError error)
    {
        Log(line);
        return new InstructionFailure(error);
    }

    private void Call(PublicKey programId, AccountView[] views, byte[] data)
    {
        if (_stack.Count >= MaxDepth) throw new InstructionFailure(InstructionError.CallDepth);
        // A program may call itself, but not be called again through another one.
        if (_stack.Contains(programId) && _stack[^1] != programId) throw new InstructionFailure(InstructionError.ReentrancyNotAllowed);
        if (!_programs.TryGetValue(programId, out IOnChainProgram? program)) throw new InstructionFailure(InstructionError.UnsupportedProgramId);
        _stack.Add(programId);
        Log($"Program {programId} invoke [{_stack.Count}]");
        ulong before = UnitsConsumed;
        try
        {
            WorkingAccount[] touched = [.. views.Select(view => view.Working).Distinct()];
            UInt128 sum = Sum(touched);
            Consume(program.ComputeUnits);
            program.Execute(new InstructionContext(this, programId, views, data, _stack.Count));
            if (Sum(touched) != sum) throw new InstructionFailure(InstructionError.UnbalancedInstruction);
            Log($"Program {programId} consumed {UnitsConsumed - before} of {_unitLimit - before} compute units");
            Log($"Program {programId} success");
        }
        catch (InstructionFailure failure)
        {
            Log($"Program {programId} consumed {UnitsConsumed - before} of {_unitLimit - before} compute units");
            Log($"Program {programId} failed: {InstructionErrorText.Describe(failure.Error)}");
            throw;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What a compiled program would do on a failed assertion or an index out of range: panic. The transaction fails, the network goes on.
            Log($"Program log: panicked: {exception.GetType().Name}: {exception.Message}");
            Log($"Program {programId} failed: Program failed to complete");
            throw new InstructionFailure(InstructionError.ProgramFailedToComplete);
        }
        finally
        {
            _stack.RemoveAt(_stack.Count - 1);
        }
    }

    private static UInt128 Sum(WorkingAccount[] accounts)
    {
        UInt128 sum = 0;
        foreach (WorkingAccount account in accounts) sum += account.Lamports;
        return sum;
    }

    /// <summary>No writable account may end with less than rent exemption, unless it was so before and neither grew nor gained.</summary>
    private TransactionError? CheckRent()
    {
        for (int index = 0; index < _accounts.Length; index++)
        {
            WorkingAccount account = _accounts[index];
            if (!_message.Writable[index] || account.Lamports == 0 || Rent.IsExempt(account.Lamports, account.DataLength)) continue;
            AccountState before = account.Original;
            bool wasPaying = before.Lamports > 0 && !Rent.IsExempt(before.Lamports, before.Data.Length);
            if (wasPaying && before.Data.Length == account.DataLength && account.Lamports <= before.Lamports) continue;
            return TransactionError.InsufficientFundsForRent(index);
        }
        return null;
    }
}
