using Nosana.LocalNet.Faults;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using SimpleBase;

namespace Nosana.LocalNet.Runtime;

/// <summary>
/// The chain: accounts, clock, blockhashes and the ledger. One writer at a time; a transaction is final the moment it is processed
/// (processed = confirmed = finalized).
/// </summary>
public sealed class Bank
{
    private const int LedgerCapacity = 1_000_000;

    private readonly Lock _lock = new();
    private readonly AccountStore _store;
    private readonly AccountHistory _history = new(NodeFaults.MostLag);
    private readonly Ledger _ledger;
    private readonly BlockhashRing _blockhashes;
    private readonly SlotClock _clock;
    private readonly Dictionary<PublicKey, IOnChainProgram> _programs;

    public Bank(BankOptions options)
    {
        _store = new AccountStore(options.Indexes);
        _programs = options.Programs.ToDictionary(program => program.Id);
        _blockhashes = new BlockhashRing(options.GenesisHash);
        _clock = new SlotClock(options.TimeProvider, options.GenesisTime ?? options.TimeProvider.GetUtcNow());
        GenesisHash = options.GenesisHash;
        ulong now = _clock.Read().Slot;
        _ledger = new Ledger(LedgerCapacity, firstSlot: now == 1 ? 0 : now);
        foreach (IOnChainProgram program in options.Programs) _store.Set(program.Id, ProgramAccounts.Program());
        _store.Set(WellKnownAddresses.RentSysvar, ProgramAccounts.RentSysvar());
    }

    /// <summary>Told of every commit, in order, while the bank is locked: a handler only passes it on.</summary>
    internal event Action<BankChange>? Changed;

    public PublicKey GenesisHash { get; }

    /// <summary>When slot 0 began.</summary>
    public DateTimeOffset GenesisTime => _clock.Genesis;

    /// <summary>The slot and the chain's time at this moment.</summary>
    public ClockSnapshot Clock
    {
        get { lock (_lock) return _clock.Read(); }
    }

    internal ulong TransactionCount
    {
        get { lock (_lock) return _ledger.Count; }
    }

    /// <summary>The oldest slot whose block is known whole: 0, or the slot at which a kept chain was started again, as its ledger is not kept.</summary>
    internal ulong FirstSlot
    {
        get { lock (_lock) return _ledger.FirstSlot; }
    }

    /// <summary>An account, null when the address holds nothing.</summary>
    public AccountState? GetAccount(PublicKey key)
    {
        lock (_lock) return Find(key);
    }

    /// <summary>Puts an account in place, or removes it with 0 lamports, as genesis and tests do. Subscribers are told.</summary>
    public void SetAccount(PublicKey key, AccountState state) => SetAccounts([new(key, state)]);

    /// <summary>Puts several accounts in place at one instant.</summary>
    public void SetAccounts(IReadOnlyList<KeyValuePair<PublicKey, AccountState>> accounts)
    {
        lock (_lock) Commit(_clock.Read().Slot, accounts, null);
    }

    /// <summary>The newest slot of a node that is so many behind.</summary>
    internal ulong SlotBefore(int lag)
    {
        ulong slot = Clock.Slot;
        return slot > (ulong)lag ? slot - (ulong)lag : 1;
    }

    /// <summary>Accounts at one instant, in the order of the keys.</summary>
    /// <param name="lag">How many slots ago.</param>
    internal (ulong Slot, AccountState?[] Accounts) GetAccounts(IReadOnlyList<PublicKey> keys, int lag = 0)
    {
        lock (_lock)
        {
            ulong slot = SlotBefore(lag);
            if (lag == 0) return (slot, [.. keys.Select(Find)]);
            IReadOnlyDictionary<PublicKey, AccountState?> differences = _history.DifferencesAt(slot);
            return (slot, [.. keys.Select(key => key == ProgramAccounts.ClockSysvarId ? ProgramAccounts.ClockSysvar(_clock, slot)
                : differences.TryGetValue(key, out AccountState? before) ? before : Find(key))]);
        }
    }

    /// <summary>Accounts of a program that match all filters.</summary>
    /// <param name="lag">How many slots ago.</param>
    internal (ulong Slot, IReadOnlyList<KeyValuePair<PublicKey, AccountState>> Accounts) Query(
        PublicKey owner, IReadOnlyList<AccountFilter> filters, int lag = 0)
    {
        lock (_lock)
        {
            ulong slot = SlotBefore(lag);
            if (lag == 0) return (slot, [.. _store.Query(owner, filters)]);
            IReadOnlyDictionary<PublicKey, AccountState?> differences = _history.DifferencesAt(slot);
            return (slot,
            [
                .. _store.Query(owner, filters).Where(pair => !differences.ContainsKey(pair.Key)),
                .. differences.Where(pair => pair.Value is { } before && before.Owner == owner && filters.All(filter => filter.Matches(before.Data.Span)))
                    .Select(pair => KeyValuePair.Create(pair.Key, pair.Value!)),
            ]);
        }
    }

    /// <summary>Every account, for persistence and for sums over the whole chain.</summary>
    internal IReadOnlyList<KeyValuePair<PublicKey, AccountState>> Snapshot()
    {
        lock (_lock) return [.. _store.All];
    }

    internal (PublicKey Hash, ulong LastValidBlockHeight, ulong Slot) LatestBlockhash()
    {
        lock (_lock)
        {
            ulong slot = _clock.Read().Slot;
            return (_blockhashes.At(slot), slot + BlockhashRing.MaxAge, slot);
        }
    }

    internal bool IsBlockhashValid(PublicKey hash)
    {
        lock (_lock) return _blockhashes.FindValid(hash, _clock.Read().Slot) is not null;
    }

    internal LandedTransaction? FindTransaction(string signature)
    {
        lock (_lock) return _ledger.TryFind(signature, out LandedTransaction? found) ? found : null;
    }

    internal IReadOnlyList<LandedTransaction> TransactionsOf(PublicKey address)
    {
        lock (_lock) return _ledger.Of(address);
    }

    /// <summary>Transactions of a slot in their order. Those of the present slot may not be all yet.</summary>
    internal IReadOnlyList<LandedTransaction> TransactionsAt(ulong slot)
    {
        lock (_lock) return [.. _ledger.At(slot)];
    }

    /// <summary>How many transactions landed from one slot to another, both included.</summary>
    internal int CountTransactions(ulong first, ulong last)
    {
        int count = 0;
        lock (_lock)
        {
            for (ulong slot = first; slot <= last; slot++) count += _ledger.At(slot).Count;
        }
        return count;
    }

    /// <summary>The hash of a slot's block: what getLatestBlockhash answered during it.</summary>
    internal PublicKey BlockhashOf(ulong slot) => _blockhashes.At(slot);

    internal long TimeOf(ulong slot) => _clock.TimeOf(slot);

    /// <summary>
    /// Processes a signed transaction. With <paramref name="preflight"/> one that fails leaves no trace; without, it lands as failed and costs its fee.
    /// </summary>
    internal TransactionResult Send(WireTransaction wire, bool preflight)
    {
        if (!SignatureCheck.Verify(wire)) return Refused(wire.Message, TransactionError.SignatureFailure);
        lock (_lock)
        {
            string signature = Base58.Bitcoin.Encode(wire.Signature);
            if (CheckAge(wire.Message.RecentBlockhash, signature) is { } error) return Refused(wire.Message, error);
            TransactionResult result = Run(wire.Message, wire.LookupTables);
            if (!result.Landed || preflight && result.Error is not null) return result with { Landed = false };
            var landed = new LandedTransaction(signature, wire, result);
            _ledger.Add(landed);
            Commit(result.Clock.Slot, result.Changes, landed);
            return result;
        }
    }

    /// <summary>Runs a transaction and keeps nothing of it.</summary>
    internal TransactionResult Simulate(WireTransaction wire, bool verifySignatures, bool replaceBlockhash)
    {
        if (verifySignatures && !SignatureCheck.Verify(wire)) return Refused(wire.Message, TransactionError.SignatureFailure);
        lock (_lock)
        {
            TransactionError? error = replaceBlockhash ? null : CheckAge(wire.Message.RecentBlockhash, Base58.Bitcoin.Encode(wire.Signature));
            return error is null ? Run(wire.Message, wire.LookupTables) with { Landed = false } : Refused(wire.Message, error);
        }
    }

    /// <summary>Processes instructions as if every signer had signed: for genesis and for tests of programs. No entry in the ledger.</summary>
    internal TransactionResult Execute(PublicKey feePayer, params IReadOnlyList<TransactionInstruction> instructions)
    {
        ExecutableMessage message = ExecutableMessage.Compile(feePayer, instructions);
        lock (_lock)
        {
            TransactionResult result = Run(message, []);
            if (result.Landed) Commit(result.Clock.Slot, result.Changes, null);
            return result;
        }
    }

    private TransactionError? CheckAge(PublicKey blockhash, string signature)
    {
        if (_blockhashes.FindValid(blockhash, _clock.Read().Slot) is null) return TransactionError.BlockhashNotFound;
        return _ledger.TryFind(signature, out _) ? TransactionError.AlreadyProcessed : null;
    }

    private TransactionResult Run(ExecutableMessage message, IReadOnlyList<PublicKey> lookupTables)
    {
        if (lookupTables.Count > 0) return Refused(message, TransactionError.AddressLookupTableNotFound);
        if (!ComputeBudget.TryRead(message, out ComputeBudget budget, out TransactionError? malformed)) return Refused(message, malformed!);
        ulong fee = budget.Fee(message.RequiredSignatures);
        PublicKey payer = message.Keys[0];
        AccountState? payerState = Find(payer);
        if (FeePayerCheck.Check(payerState, fee) is { } unpaid) return Refused(message, unpaid);

        AccountState paid = payerState! with { Lamports = payerState.Lamports - fee };
        ClockSnapshot clock = _clock.Read();
        var execution = new TransactionExecution(_programs, message, key => key == payer ? paid : Find(key) ?? AccountState.Empty, clock, budget.UnitLimit);
        TransactionError? error = CheckPrograms(message) ?? execution.Run();
        IReadOnlyList<WorkingAccount> accounts = execution.Accounts;
        ulong[] before = [.. accounts.Select((account, index) => index == 0 ? payerState.Lamports : account.Original.Lamports)];
        TokenHolding[] tokensBefore = TokenHoldings.Read(accounts, Find, before: true);
        return new TransactionResult
        {
            Message = message,
            Error = error,
            Landed = true,
            Clock = clock,
            Logs = execution.Logs,
            InnerCalls = execution.InnerCalls,
            UnitsConsumed = execution.UnitsConsumed,
            Fee = fee,
            MicroLamportsPerUnit = budget.MicroLamportsPerUnit,
            ReturnData = execution.ReturnData,
            PreBalances = before,
            PostBalances = error is null ? [.. accounts.Select(account => account.Lamports)] : [paid.Lamports, .. before[1..]],
            PreTokens = tokensBefore,
            PostTokens = error is null ? TokenHoldings.Read(accounts, Find, before: false) : tokensBefore,
            Changes = error is null
                ? [.. accounts.Where((account, index) => account.IsChanged || index == 0 && fee > 0)
                    .Select(account => KeyValuePair.Create(account.Key, account.ToState()))]
                : [KeyValuePair.Create(payer, paid)],
        };
    }

    private TransactionError? CheckPrograms(ExecutableMessage message)
    {
        foreach (CompiledCall call in message.Instructions)
        {
            PublicKey program = message.Keys[call.ProgramIndex];
            if (_programs.ContainsKey(program)) continue;
            return Find(program) is null ? TransactionError.ProgramAccountNotFound : TransactionError.InvalidProgramForExecution;
        }
        return null;
    }

    private TransactionResult Refused(ExecutableMessage message, TransactionError error) =>
        new() { Message = message, Error = error, Landed = false, Clock = Clock };

    private AccountState? Find(PublicKey key) => key == ProgramAccounts.ClockSysvarId ? ProgramAccounts.ClockSysvar(_clock) : _store.Find(key);

    private void Commit(ulong slot, IReadOnlyList<KeyValuePair<PublicKey, AccountState>> accounts, LandedTransaction? transaction)
    {
        foreach ((PublicKey key, AccountState state) in accounts)
        {
            _history.Add(slot, key, _store.Find(key));
            _store.Set(key, state);
        }
        Changed?.Invoke(new BankChange(slot, accounts, transaction));
    }
}

/// <summary>One commit to the chain, told in order.</summary>
/// <param name="Slot">The slot it landed in.</param>
/// <param name="Accounts">New states; 0 lamports stands for a closed account.</param>
/// <param name="Transaction">The transaction behind it; null when genesis, an airdrop or a test set accounts directly.</param>
internal sealed record BankChange(ulong Slot, IReadOnlyList<KeyValuePair<PublicKey, AccountState>> Accounts, LandedTransaction? Transaction);
