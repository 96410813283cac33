using System.Buffers.Binary;
using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Programs;
using Nosana.LocalNet.Programs.Anchor;
using Nosana.LocalNet.Runtime;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using Nosana.Testing;
using InstructionError = Nosana.LocalNet.Runtime.InstructionError;
using AccountFilter = Nosana.LocalNet.Runtime.AccountFilter;
using AssociatedTokenProgram = Nosana.LocalNet.BuiltIn.AssociatedTokenProgram;
using ComputeBudgetProgram = Nosana.LocalNet.BuiltIn.ComputeBudgetProgram;
using SystemProgram = Nosana.LocalNet.BuiltIn.SystemProgram;
using TokenProgram = Nosana.LocalNet.BuiltIn.TokenProgram;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>
/// A chain with Nosana's programs and a clock that the test moves. Every call is checked: one that succeeds creates and loses no lamport
/// and no NOS, one that fails changes nothing but the fee payer's balance.
/// </summary>
internal sealed class TestChain
{
    public const ulong Sol = 1_000_000_000;

    /// <summary>The keys with special rights on this chain belong to this wallet.</summary>
    public static readonly PublicKey Administrator = Address(1);

    private int _keys = 100;

    public TestChain(ProgramAddresses? network = null, ulong feeDivisor = 0, bool rejectDuplicates = true)
    {
        Addresses = (network ?? ProgramAddresses.Devnet) with { MarketAdmin = Administrator, Authority = Administrator };
        Bank = new Bank(new BankOptions
        {
            TimeProvider = Time,
            Programs = [new SystemProgram(), new TokenProgram(), new AssociatedTokenProgram(), new ComputeBudgetProgram(), .. NosanaProgramSet.Create([Addresses], feeDivisor, rejectDuplicates)],
            GenesisHash = Address(7),
        });
        Bank.SetAccounts(GenesisAccounts.Shared([Addresses], Administrator));
        Jobs = new JobsInstructions(Addresses);
        Staking = new StakingInstructions(Addresses);
        Rewards = new RewardsInstructions(Addresses);
        Pools = new PoolsInstructions(Addresses);
        Nodes = new NodesInstructions(Addresses);
        Fund(Administrator);
    }

    public ManualTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(1_750_000_000));

    public ProgramAddresses Addresses { get; }

    public Bank Bank { get; }

    public JobsInstructions Jobs { get; }

    public StakingInstructions Staking { get; }

    public RewardsInstructions Rewards { get; }

    public PoolsInstructions Pools { get; }

    public NodesInstructions Nodes { get; }

    public long Now => Bank.Clock.UnixTimestamp;

    public PublicKey NewKey() => Address(_keys++);

    public void Advance(long seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>A wallet with SOL, and with a NOS account and a stake where they are given.</summary>
    public PublicKey NewWallet(ulong? nos = null, ulong? stake = null)
    {
        PublicKey wallet = NewKey();
        Fund(wallet);
        if (nos is { } amount) GiveNos(wallet, amount);
        if (stake is { } staked) Bank.SetAccounts(GenesisAccounts.Stake(Addresses, wallet, staked));
        return wallet;
    }

    public void Fund(PublicKey wallet, ulong lamports = 100_000 * Sol) => Bank.SetAccount(wallet, new AccountState(lamports, default, default));

    public void GiveNos(PublicKey wallet, ulong amount) => Bank.SetAccounts([GenesisAccounts.NosAccount(Addresses, wallet, amount)]);

    /// <summary>Sends instructions of which every signer signed; they must succeed.</summary>
    public TransactionResult Send(PublicKey feePayer, params IReadOnlyList<TransactionInstruction> instructions)
    {
        (UInt128 lamports, UInt128 nos) = Totals();
        TransactionResult result = Bank.Execute(feePayer, instructions);
        Assert.True(result.Error is null, $"{result.Error}\n{string.Join('\n', result.Logs)}");
        (UInt128 lamportsAfter, UInt128 nosAfter) = Totals();
        Assert.Equal(lamports, lamportsAfter + result.Fee);
        Assert.Equal(nos, nosAfter);
        return result;
    }

    /// <summary>Sends instructions that must fail with this error, on this account (null: in the handler).</summary>
    public ProgramError Fails(ErrorCode expected, string? account, PublicKey feePayer, params IReadOnlyList<TransactionInstruction> instructions)
    {
        TransactionResult result = FailsSomehow(feePayer, instructions);
        string logs = string.Join('\n', result.Logs);
        ProgramError? error = ProgramError.FromLogs(result.Logs);
        Assert.True(error is not null, $"{result.Error}\n{logs}");
        Assert.True((expected.Name, expected.Family, account) == (error.Name, error.Family, error.Account), $"{error}\n{logs}");
        Assert.Equal((uint)expected.Number, result.Error!.Instruction!.Code);
        return error;
    }

    /// <summary>Sends instructions that must fail with an error that is not a program's number, or a built-in program's.</summary>
    public void FailsWith(InstructionError expected, PublicKey feePayer, params IReadOnlyList<TransactionInstruction> instructions)
    {
        TransactionResult result = FailsSomehow(feePayer, instructions);
        Assert.True(expected == result.Error!.Instruction, $"{result.Error}\n{string.Join('\n', result.Logs)}");
    }

    public T? Find<T>(PublicKey address) where T : NosanaAccount<T>, IAccountLayout<T> =>
        Bank.GetAccount(address) is { } state && NosanaAccount<T>.TryDecode(state.Data.Span, out T? account) ? account : null;

    public T Read<T>(PublicKey address) where T : NosanaAccount<T>, IAccountLayout<T> => Find<T>(address) ?? throw new InvalidOperationException($"No {T.Name} at {address}.");

    public bool Exists(PublicKey address) => Bank.GetAccount(address) is not null;

    /// <summary>Addresses found by a filter of getProgramAccounts on the jobs program.</summary>
    public IReadOnlyList<PublicKey> Search(params Nosana.Programs.Accounts.AccountFilter[] filters) =>
        [.. Bank.Query(Addresses.Jobs, [.. filters.Select(filter => AccountFilter.Memcmp((ulong)filter.Offset, filter.Bytes))]).Accounts.Select(pair => pair.Key)];

    public ulong Tokens(PublicKey account) => TokenAccountData.Read(Bank.GetAccount(account)!.Data.Span).Amount;

    public ulong Nos(PublicKey wallet) => Tokens(Addresses.NosTokenAccount(wallet));

    public ulong Lamports(PublicKey account) => Bank.GetAccount(account)?.Lamports ?? 0;

    private TransactionResult FailsSomehow(PublicKey feePayer, IReadOnlyList<TransactionInstruction> instructions)
    {
        var before = Bank.Snapshot().ToDictionary();
        TransactionResult result = Bank.Execute(feePayer, instructions);
        Assert.True(result.Error is { Instruction: not null }, $"{result.Error}\n{string.Join('\n', result.Logs)}");
        var after = Bank.Snapshot().ToDictionary();
        Assert.Equal(before.Count, after.Count);
        foreach ((PublicKey key, AccountState state) in before)
        {
            if (key == feePayer) Assert.Equal(state.Lamports - result.Fee, after[key].Lamports);
            else Assert.True(state.Lamports == after[key].Lamports && state.Data.Span.SequenceEqual(after[key].Data.Span), $"{key} changed");
        }
        return result;
    }

    /// <summary>Sums over the whole chain.</summary>
    public (UInt128 Lamports, UInt128 Nos) Totals()
    {
        UInt128 lamports = 0, nos = 0;
        foreach ((_, AccountState state) in Bank.Snapshot())
        {
            lamports += state.Lamports;
            bool isNos = state.Owner == WellKnownAddresses.TokenProgram && state.Data.Length == TokenLayout.AccountLength && state.Data.Span.StartsWith(Addresses.NosMint.KeyBytes);
            if (isNos) nos += BinaryPrimitives.ReadUInt64LittleEndian(state.Data.Span[TokenLayout.AccountAmount..]);
        }
        return (lamports, nos);
    }

    private static PublicKey Address(int number)
    {
        byte[] bytes = new byte[32];
        bytes[0] = 0xaa;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(28), number);
        return new PublicKey(bytes);
    }
}
