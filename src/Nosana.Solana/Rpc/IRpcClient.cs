using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc;

/// <summary>
/// Solana's JSON-RPC. Every method throws <see cref="RpcException"/> on a definite error of the node and <see cref="RpcUnavailableException"/> when no node
/// answers.
/// A null commitment means the client's own (confirmed unless configured). With a minContextSlot, nodes whose answer is older are passed over, and waited
/// for with a bound (<see cref="RpcClientOptions.LagPatience"/>).
/// </summary>
public interface IRpcClient
{
    /// <summary>The endpoint in use now, credentials included: do not log it.</summary>
    Uri NodeAddress { get; }

    /// <summary>The account, or a null value when it does not exist.</summary>
    Task<ResponseValue<AccountInfo?>> GetAccountInfoAsync(
        PublicKey account, Commitment? commitment = null, DataSlice? dataSlice = null, ulong? minContextSlot = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// The accounts in the order asked, null where one does not exist. More than 100 are read in several requests; the slot is the oldest of them.
    /// </summary>
    Task<ResponseValue<IReadOnlyList<AccountInfo?>>> GetMultipleAccountsAsync(
        IReadOnlyList<PublicKey> accounts, Commitment? commitment = null, DataSlice? dataSlice = null, ulong? minContextSlot = null,
        CancellationToken cancellationToken = default);

    /// <summary>All accounts of a program that match every filter (at most four).</summary>
    Task<ResponseValue<IReadOnlyList<AccountKeyPair>>> GetProgramAccountsAsync(
        PublicKey programId,
        IReadOnlyList<AccountFilter>? filters = null,
        DataSlice? dataSlice = null,
        Commitment? commitment = null,
        ulong? minContextSlot = null,
        CancellationToken cancellationToken = default);

    /// <summary>Lamports; 0 for an account that does not exist.</summary>
    Task<ResponseValue<ulong>> GetBalanceAsync(
        PublicKey account, Commitment? commitment = null, ulong? minContextSlot = null, CancellationToken cancellationToken = default);

    /// <summary>The balance of a token account. An account that does not exist is an <see cref="RpcException"/> (invalid params).</summary>
    Task<ResponseValue<TokenBalance>> GetTokenAccountBalanceAsync(
        PublicKey tokenAccount, Commitment? commitment = null, CancellationToken cancellationToken = default);

    /// <summary>The owner's token accounts as bytes (165 each for SPL Token).</summary>
    Task<ResponseValue<IReadOnlyList<AccountKeyPair>>> GetTokenAccountsByOwnerAsync(
        PublicKey owner, TokenAccountFilter filter, Commitment? commitment = null, CancellationToken cancellationToken = default);

    Task<ResponseValue<LatestBlockHash>> GetLatestBlockHashAsync(Commitment? commitment = null, CancellationToken cancellationToken = default);

    Task<ResponseValue<bool>> IsBlockHashValidAsync(string blockhash, Commitment? commitment = null, CancellationToken cancellationToken = default);

    Task<ulong> GetBlockHeightAsync(Commitment? commitment = null, CancellationToken cancellationToken = default);

    Task<ulong> GetSlotAsync(Commitment? commitment = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// The newest slot of all nodes, each asked once at the same time; null when none answers. What is read afterwards with it as the least slot is not
    /// from before this call, whichever node lags.
    /// </summary>
    Task<ulong?> GetNewestSlotAsync(CancellationToken cancellationToken = default);

    Task<EpochInfo> GetEpochInfoAsync(Commitment? commitment = null, CancellationToken cancellationToken = default);

    /// <summary>Unix seconds of a block; null when the node does not know it.</summary>
    Task<long?> GetBlockTimeAsync(ulong slot, CancellationToken cancellationToken = default);

    /// <summary>Lamports that an account of this length must hold.</summary>
    Task<ulong> GetMinimumBalanceForRentExemptionAsync(ulong dataLength, Commitment? commitment = null, CancellationToken cancellationToken = default);

    /// <summary>Prices that landed in up to 150 recent slots, for transactions that lock all these accounts (at most 128) writable.</summary>
    Task<IReadOnlyList<PrioritizationFeeItem>> GetRecentPrioritizationFeesAsync(
        IReadOnlyList<PublicKey>? accounts = null, CancellationToken cancellationToken = default);

    /// <summary>Lamports for a message; a null value when its blockhash has expired.</summary>
    Task<ResponseValue<ulong?>> GetFeeForMessageAsync(Message message, Commitment? commitment = null, CancellationToken cancellationToken = default);

    /// <summary>Sends signed wire bytes and returns the signature. A failed preflight is an <see cref="RpcException"/> with logs.</summary>
    Task<string> SendTransactionAsync(ReadOnlyMemory<byte> transaction, SendTransactionOptions? options = null, CancellationToken cancellationToken = default);

    Task<ResponseValue<SimulationLogs>> SimulateTransactionAsync(
        ReadOnlyMemory<byte> transaction, SimulateTransactionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Statuses in the order asked (at most 256), null where unknown. Without history only the last 150 blocks or so are searched.</summary>
    Task<ResponseValue<IReadOnlyList<SignatureStatusInfo?>>> GetSignatureStatusesAsync(
        IReadOnlyList<string> signatures, bool searchTransactionHistory = false, ulong? minContextSlot = null,
        CancellationToken cancellationToken = default);

    /// <summary>Transactions that touched an address, newest first, at most 1,000 a call.</summary>
    Task<IReadOnlyList<SignatureInfo>> GetSignaturesForAddressAsync(
        PublicKey address,
        int limit = 1000,
        string? before = null,
        string? until = null,
        Commitment? commitment = null,
        CancellationToken cancellationToken = default);

    /// <summary>A transaction that landed, or null.</summary>
    Task<TransactionInfo?> GetTransactionAsync(string signature, Commitment? commitment = null, CancellationToken cancellationToken = default);

    /// <summary>Asks a test network for lamports; returns the transfer's signature. Never repeated after a transport error.</summary>
    Task<string> RequestAirdropAsync(PublicKey account, ulong lamports, Commitment? commitment = null, CancellationToken cancellationToken = default);

    /// <summary>"ok", or an <see cref="RpcException"/> with <see cref="RpcException.NodeUnhealthy"/>.</summary>
    Task<string> GetHealthAsync(CancellationToken cancellationToken = default);

    Task<NodeVersion> GetVersionAsync(CancellationToken cancellationToken = default);

    /// <summary>Base58; tells clusters apart.</summary>
    Task<string> GetGenesisHashAsync(CancellationToken cancellationToken = default);
}
