using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Solana.Tests.Sending;

public sealed class TransactionSenderTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly SignatureStatusInfo Confirmed = new(1001, null, Commitment.Confirmed);
    private static readonly TransactionError Custom = new("InstructionError", new InstructionError(0, "Custom", 6004), """{"InstructionError":[0,{"Custom":6004}]}""");

    private readonly Account _payer = TestKeys.Of(1);
    private readonly FakeChain _chain = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<PreparedTransaction> _journal = [];

    private TransactionInstruction[] Transfer => [SystemProgram.Transfer(_payer.PublicKey, TestKeys.Of(2).PublicKey, 1)];

    [Fact]
    public async Task Send_LandsAfterAWhile_IsConfirmed()
    {
        _chain.OnStatus = (chain, call) => chain.Status = call >= 3 ? Confirmed : null;
        var outcome = Assert.IsType<TransactionOutcome.Confirmed>(await SendAsync());
        Assert.Equal(1001UL, outcome.Slot);
        Assert.Equal(_journal.Single().Signature, outcome.Signature);
        Assert.Single(_chain.Sent);
        Assert.False(_chain.Sent[0].Options.SkipPreflight);
        Assert.Equal(0U, _chain.Sent[0].Options.MaxRetries);
    }

    [Fact]
    public async Task Send_Always_JournalsBeforeTheFirstByteLeaves()
    {
        int sentWhenJournaled = -1;
        _chain.Status = Confirmed;
        using TransactionSender sender = Sender();
        Task<TransactionOutcome> task = sender.SendAsync(Transfer, [_payer], (prepared, _) =>
        {
            sentWhenJournaled = _chain.Sent.Count;
            Assert.Equal(prepared.Signature, Transaction.Deserialize(prepared.WireBytes.Span).Signature);
            Assert.Equal(250UL, prepared.LastValidBlockHeight);
            return ValueTask.CompletedTask;
        }, TestContext.Current.CancellationToken);
        await _time.AdvanceUntilAsync(Step, task);
        Assert.Equal(0, sentWhenJournaled);
    }

    [Fact]
    public async Task Send_JournalFails_SendsNothing()
    {
        using TransactionSender sender = Sender();
        await Assert.ThrowsAsync<IOException>(() => sender.SendAsync(Transfer, [_payer], (_, _) => throw new IOException("disk full"), TestContext.Current.CancellationToken));
        Assert.Empty(_chain.Sent);
    }

    [Fact]
    public async Task Send_NotLanding_ResendsTheSameBytesUntilTheBlockhashExpires()
    {
        _chain.OnSend = chain =>
        {
            chain.Height += 30;
            chain.Slot += 30;
        };
        var outcome = Assert.IsType<TransactionOutcome.Expired>(await SendAsync());
        Assert.Equal(_journal.Single().Signature, outcome.Signature);
        Assert.Equal(6, _chain.Sent.Count); // 100 + 6 * 30 > 250
        Assert.All(_chain.Sent, sent => Assert.Equal(_journal[0].WireBytes.ToArray(), sent.Bytes));
        Assert.All(_chain.Sent.Skip(1), sent => Assert.True(sent.Options.SkipPreflight));
        Assert.InRange((_time.GetUtcNow() - new ManualTimeProvider().GetUtcNow()).TotalSeconds, 10, 16);
    }

    [Fact]
    public async Task Send_ExpiredButInTheHistory_IsConfirmed()
    {
        _chain.OnSend = chain => chain.Height = 1000;
        _chain.HistoryStatus = Confirmed with { ConfirmationStatus = Commitment.Finalized };
        Assert.IsType<TransactionOutcome.Confirmed>(await SendAsync());
    }

    [Fact]
    public async Task Send_StatusNodeIsBehind_IsNotDeclaredExpired()
    {
        // One node tells a height past the end, another one, still behind, tells the statuses: its "unknown" proves nothing.
        _chain.OnSend = chain =>
        {
            chain.Height = 1000;
            chain.StatusSlot = 900;
        };
        _chain.OnStatus = (chain, call) => chain.Status = call >= 8 ? Confirmed : null;
        Assert.IsType<TransactionOutcome.Confirmed>(await SendAsync());
    }

    [Fact]
    public async Task Send_StatusOnlyProcessed_WaitsForConfirmation()
    {
        _chain.OnStatus = (chain, call) => chain.Status = call < 4 ? Confirmed with { ConfirmationStatus = Commitment.Processed } : Confirmed;
        Assert.IsType<TransactionOutcome.Confirmed>(await SendAsync());
        Assert.Equal(4, _chain.StatusCalls);
    }

    [Fact]
    public async Task Send_FailsOnChain_GivesErrorAndLogs()
    {
        _chain.Status = Confirmed with { Error = Custom };
        var outcome = Assert.IsType<TransactionOutcome.Failed>(await SendAsync());
        Assert.True(outcome.Landed);
        Assert.Equal(6004U, outcome.Error!.InstructionError!.CustomError);
        Assert.Equal(["Program log: on chain"], outcome.Logs);
    }

    [Fact]
    public async Task Send_PreflightFails_IsTheEnd()
    {
        _chain.SendFaults.Enqueue(Preflight(Custom, "Program log: no"));
        var outcome = Assert.IsType<TransactionOutcome.Failed>(await SendAsync());
        Assert.False(outcome.Landed);
        Assert.Equal(["Program log: no"], outcome.Logs);
        Assert.Equal(0, _chain.StatusCalls);
    }

    [Fact]
    public async Task Send_ConnectionBreaksThenPreflightFails_IsNotTheEnd()
    {
        // The first bytes may have arrived: what the second answer complains about may be the transaction's own effect.
        _chain.SendFaults.Enqueue(new RpcUnavailableException("the connection broke"));
        _chain.SendFaults.Enqueue(Preflight(Custom, "Program log: already in use"));
        _chain.OnStatus = (chain, _) => chain.Status = chain.Sent.Count >= 2 ? Confirmed : null;
        Assert.IsType<TransactionOutcome.Confirmed>(await SendAsync());
        Assert.Equal(_chain.Sent[0].Bytes, _chain.Sent[1].Bytes);
    }

    [Theory]
    [InlineData(TransactionError.BlockhashNotFound)]
    [InlineData(TransactionError.AlreadyProcessed)]
    public async Task Send_PassingPreflightFailure_GoesOn(string type)
    {
        _chain.SendFaults.Enqueue(Preflight(new TransactionError(type, null, $"\"{type}\"")));
        _chain.OnStatus = (chain, call) => chain.Status = call >= 2 ? Confirmed : null;
        Assert.IsType<TransactionOutcome.Confirmed>(await SendAsync());
    }

    [Fact]
    public async Task Send_NodesAwayForAWhile_LooksAgain()
    {
        _chain.OnStatus = (chain, call) =>
        {
            if (call < 5) throw new RpcUnavailableException("no connection");
            chain.Status = Confirmed;
        };
        Assert.IsType<TransactionOutcome.Confirmed>(await SendAsync());
    }

    [Fact]
    public async Task Send_NodesAwayForLong_SaysThatTheOutcomeIsUnknown()
    {
        _chain.OnStatus = (_, _) => throw new RpcUnavailableException("no connection");
        using TransactionSender sender = Sender(new TransactionSenderOptions { ComputeBudget = null, MaxUnreachable = TimeSpan.FromSeconds(30) });
        await Assert.ThrowsAsync<RpcUnavailableException>(() => SendAsync(sender));
        Assert.InRange((_time.GetUtcNow() - new ManualTimeProvider().GetUtcNow()).TotalSeconds, 30, 40);
    }

    [Fact]
    public async Task Send_EqualIntentsInOneBlockhash_AreTwoTransactions()
    {
        _chain.Status = Confirmed;
        using TransactionSender sender = Sender();
        await SendAsync(sender);
        Assert.Equal(1, _chain.BlockhashCalls);
        _chain.NewBlockhashEachTime = true;
        await SendAsync(sender);
        Assert.Equal(2, _journal.Select(prepared => prepared.Signature).Distinct().Count());
        Assert.Equal(2, _chain.BlockhashCalls);
    }

    [Fact]
    public async Task Resume_LandedBeforeTheCrash_IsFoundWithoutSending()
    {
        _chain.HistoryStatus = Confirmed;
        using TransactionSender sender = Sender();
        Assert.IsType<TransactionOutcome.Confirmed>(await _time.AdvanceUntilAsync(Step, sender.ResumeAsync("sig", 50, new byte[] { 1 }, TestContext.Current.CancellationToken)));
        Assert.Empty(_chain.Sent);
    }

    [Fact]
    public async Task Resume_ExpiredMeanwhile_IsExpiredWithoutSending()
    {
        using TransactionSender sender = Sender();
        Assert.IsType<TransactionOutcome.Expired>(await _time.AdvanceUntilAsync(Step, sender.ResumeAsync("sig", 99, new byte[] { 1 }, TestContext.Current.CancellationToken)));
        Assert.Empty(_chain.Sent);
    }

    [Fact]
    public async Task Resume_StillValid_SendsTheSameBytes()
    {
        byte[] bytes = new Transaction(Message.Compile(_payer.PublicKey, Transfer, _chain.Blockhash)).SignedBy(_payer);
        _chain.OnSend = chain => chain.Status = Confirmed;
        using TransactionSender sender = Sender();
        Assert.IsType<TransactionOutcome.Confirmed>(await _time.AdvanceUntilAsync(Step, sender.ResumeAsync(Transaction.Deserialize(bytes).Signature, 200, bytes, TestContext.Current.CancellationToken)));
        Assert.Equal(bytes, Assert.Single(_chain.Sent).Bytes);
    }

    [Theory]
    [InlineData(new ulong[0], 10_000)]
    [InlineData(new ulong[] { 5, 6, 7 }, 10_000)]
    [InlineData(new ulong[] { 90_000, 10_001, 50_000, 20_000 }, 50_000)] // sorted index 4 * 50 / 100 = 2
    [InlineData(new ulong[] { 16_000_000 }, 15_000_000)]
    public async Task Send_RecentPrices_GiveThePercentileBetweenFloorAndCap(ulong[] recent, ulong expected)
    {
        _chain.Status = Confirmed;
        _chain.Fees = () => [.. recent.Select(price => new PrioritizationFeeItem(1, price))];
        using TransactionSender sender = Sender(new TransactionSenderOptions());
        await SendAsync(sender);
        IReadOnlyList<TransactionInstruction> instructions = Transaction.Deserialize(_chain.Sent[0].Bytes).Message.Decompile();
        Assert.Equal(3, instructions.Count);
        Assert.Equal((2, 11_002U), (instructions[0].Data[0], BinaryPrimitives.ReadUInt32LittleEndian(instructions[0].Data.AsSpan(1)))); // ceil(10,001 * 1.1)
        Assert.Equal((3, expected), (instructions[1].Data[0], BinaryPrimitives.ReadUInt64LittleEndian(instructions[1].Data.AsSpan(1))));
        Assert.Equal(WellKnownAddresses.SystemProgram, instructions[2].ProgramId);
    }

    [Fact]
    public async Task Send_PricesCannotBeRead_OffersTheFloor()
    {
        _chain.Status = Confirmed;
        _chain.Fees = () => throw new RpcException("getRecentPrioritizationFees", -32601, "disabled");
        using TransactionSender sender = Sender(new TransactionSenderOptions());
        await SendAsync(sender);
        Assert.Equal(10_000UL, BinaryPrimitives.ReadUInt64LittleEndian(Transaction.Deserialize(_chain.Sent[0].Bytes).Message.Instructions[1].Data.AsSpan(1)));
    }

    [Fact]
    public async Task Send_SimulationFails_IsNeverSigned()
    {
        _chain.Simulation = new SimulationLogs(Custom, ["Program log: no"], 5);
        using TransactionSender sender = Sender(new TransactionSenderOptions());
        var outcome = Assert.IsType<TransactionOutcome.Failed>(await SendAsync(sender));
        Assert.Null(outcome.Signature);
        Assert.Equal(["Program log: no"], outcome.Logs);
        Assert.Empty(_journal);
        Assert.Empty(_chain.Sent);
    }

    private static RpcException Preflight(TransactionError error, params string[] logs) => new("sendTransaction", RpcException.SendTransactionPreflightFailure, "simulation failed", new RpcErrorData(error, logs));

    private TransactionSender Sender(TransactionSenderOptions? options = null) => new(_chain, NullLogger<TransactionSender>.Instance, options ?? new TransactionSenderOptions { ComputeBudget = null }, _time);

    private async Task<TransactionOutcome> SendAsync()
    {
        using TransactionSender sender = Sender();
        return await SendAsync(sender);
    }

    private Task<TransactionOutcome> SendAsync(TransactionSender sender) => _time.AdvanceUntilAsync(Step, sender.SendAsync(Transfer, [_payer], (prepared, _) =>
    {
        _journal.Add(prepared);
        return ValueTask.CompletedTask;
    }, TestContext.Current.CancellationToken));
}
