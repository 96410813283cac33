using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Solana.Tests.Sending;

/// <summary>A chain whose height, statuses and answers a test sets. What a sender does not use is not served.</summary>
internal sealed class FakeChain : IRpcClient
{
    private readonly Lock _lock = new();
    private byte _hashes;

    public ulong Height { get; set; } = 100;

    public ulong Slot { get; set; } = 1000;

    /// <summary>The slot at which statuses are answered; the chain's own when null.</summary>
    public ulong? StatusSlot { get; set; }

    public SignatureStatusInfo? Status { get; set; }

    /// <summary>What only a search through the history finds.</summary>
    public SignatureStatusInfo? HistoryStatus { get; set; }

    public List<(byte[] Bytes, SendTransactionOptions Options)> Sent { get; } = [];

    public Queue<Exception?> SendFaults { get; } = new();

    /// <summary>Runs at every look at the status, before the answer.</summary>
    public Action<FakeChain, int> OnStatus { get; set; } = (_, _) => { };

    public Action<FakeChain> OnSend { get; set; } = _ => { };

    public int StatusCalls { get; private set; }

    public int BlockhashCalls { get; private set; }

    public bool NewBlockhashEachTime { get; set; }

    public SimulationLogs Simulation { get; set; } = new(null, [], 10_001);

    public Func<IReadOnlyList<PrioritizationFeeItem>> Fees { get; set; } = () => [];

    public Uri NodeAddress => new("http://fake");

    public string Blockhash => Encoders.Base58.EncodeData([.. Enumerable.Repeat((byte)(_hashes + 1), 32)]);

    public Task<ResponseValue<LatestBlockHash>> GetLatestBlockHashAsync(Commitment? commitment = null, CancellationToken cancellationToken = default)
    {
        BlockhashCalls++;
        if (NewBlockhashEachTime) _hashes++;
        return Task.FromResult(new ResponseValue<LatestBlockHash>(new ResponseContext(Slot), new LatestBlockHash(Blockhash, Height + 150)));
    }

    public Task<ulong> GetBlockHeightAsync(Commitment? commitment = null, CancellationToken cancellationToken = default) => Task.FromResult(Height);

    public Task<EpochInfo> GetEpochInfoAsync(Commitment? commitment = null, CancellationToken cancellationToken = default) => Task.FromResult(new EpochInfo(Slot, Height, 0, 0, 432_000));

    public Task<IReadOnlyList<PrioritizationFeeItem>> GetRecentPrioritizationFeesAsync(IReadOnlyList<PublicKey>? accounts = null, CancellationToken cancellationToken = default) => Task.FromResult(Fees());

    public Task<string> SendTransactionAsync(ReadOnlyMemory<byte> transaction, SendTransactionOptions? options = null, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            Sent.Add((transaction.ToArray(), options!));
            OnSend(this);
            if (SendFaults.TryDequeue(out Exception? fault) && fault is not null) return Task.FromException<string>(fault);
            return Task.FromResult(Transaction.Deserialize(transaction.Span).Signature);
        }
    }

    public Task<ResponseValue<SimulationLogs>> SimulateTransactionAsync(ReadOnlyMemory<byte> transaction, SimulateTransactionOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ResponseValue<SimulationLogs>(new ResponseContext(Slot), Simulation));

    public Task<ResponseValue<IReadOnlyList<SignatureStatusInfo?>>> GetSignatureStatusesAsync(IReadOnlyList<string> signatures, bool searchTransactionHistory = false, ulong? minContextSlot = null, CancellationToken cancellationToken = default)
    {
        OnStatus(this, ++StatusCalls);
        SignatureStatusInfo? status = Status ?? (searchTransactionHistory ? HistoryStatus : null);
        return Task.FromResult(new ResponseValue<IReadOnlyList<SignatureStatusInfo?>>(new ResponseContext(StatusSlot ?? Slot), [status]));
    }

    public Task<TransactionInfo?> GetTransactionAsync(string signature, Commitment? commitment = null, CancellationToken cancellationToken = default) =>
        Task.FromResult<TransactionInfo?>(new TransactionInfo(Slot, [], new TransactionMeta(5000, [], [], Status?.Error, ["Program log: on chain"])));

    public Task<ulong?> GetNewestSlotAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ResponseValue<AccountInfo?>> GetAccountInfoAsync(PublicKey account, Commitment? commitment = null, DataSlice? dataSlice = null, ulong? minContextSlot = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ResponseValue<IReadOnlyList<AccountInfo?>>> GetMultipleAccountsAsync(IReadOnlyList<PublicKey> accounts, Commitment? commitment = null, DataSlice? dataSlice = null, ulong? minContextSlot = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ResponseValue<IReadOnlyList<AccountKeyPair>>> GetProgramAccountsAsync(PublicKey programId, IReadOnlyList<AccountFilter>? filters = null, DataSlice? dataSlice = null, Commitment? commitment = null, ulong? minContextSlot = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ResponseValue<ulong>> GetBalanceAsync(PublicKey account, Commitment? commitment = null, ulong? minContextSlot = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ResponseValue<TokenBalance>> GetTokenAccountBalanceAsync(PublicKey tokenAccount, Commitment? commitment = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ResponseValue<IReadOnlyList<AccountKeyPair>>> GetTokenAccountsByOwnerAsync(PublicKey owner, TokenAccountFilter filter, Commitment? commitment = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ResponseValue<bool>> IsBlockHashValidAsync(string blockhash, Commitment? commitment = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ulong> GetSlotAsync(Commitment? commitment = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<long?> GetBlockTimeAsync(ulong slot, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ulong> GetMinimumBalanceForRentExemptionAsync(ulong dataLength, Commitment? commitment = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ResponseValue<ulong?>> GetFeeForMessageAsync(Message message, Commitment? commitment = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<SignatureInfo>> GetSignaturesForAddressAsync(PublicKey address, int limit = 1000, string? before = null, string? until = null, Commitment? commitment = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<string> RequestAirdropAsync(PublicKey account, ulong lamports, Commitment? commitment = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<string> GetHealthAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<NodeVersion> GetVersionAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<string> GetGenesisHashAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
