using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Nosana.Solana.Rpc.Http;
using Nosana.Solana.Rpc.Json;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using static Nosana.Solana.Rpc.Json.JsonRpcRequest;

namespace Nosana.Solana.Rpc;

/// <summary>Solana's JSON-RPC over HTTP. Safe from any thread; one instance serves the whole process.</summary>
public sealed class RpcClient : IRpcClient, IDisposable
{
    /// <summary>Accounts that a node returns in one request.</summary>
    public const int MaxAccountsPerRequest = 100;

    /// <summary>Signatures whose status a node returns in one request.</summary>
    public const int MaxSignaturesPerRequest = 256;

    private static readonly RpcJsonContext Json = RpcJsonContext.Default;

    private readonly Func<RpcClientOptions, RpcTransport> _connect;
    private readonly Commitment _commitment;
    private volatile RpcTransport _transport;

    /// <param name="logger">Told of every attempt that failed and was made again: without it an unreachable node is silent.</param>
    /// <param name="random">Numbers from 0 to 1 that spread the waits; the system's when null.</param>
    /// <param name="handler">Stands in for the network; not disposed here.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public RpcClient(
        RpcClientOptions options, ILogger<RpcClient> logger, TimeProvider? time = null, Func<double>? random = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } faults) throw new ArgumentException(string.Join(" ", faults), nameof(options));
        _commitment = options.Commitment;
        _connect = chosen => new RpcTransport(chosen, time ?? TimeProvider.System, random ?? Random.Shared.NextDouble, logger, handler);
        _transport = _connect(options);
    }

    /// <summary>
    /// From here on other nodes are asked, by other limits; the commitment stays. Requests under way end where they are: their connections are not closed
    /// here, and go once they are idle.
    /// </summary>
    /// <exception cref="ArgumentException">The options are faulty; nothing has changed.</exception>
    public void Use(RpcClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } faults) throw new ArgumentException(string.Join(" ", faults), nameof(options));
        _transport = _connect(options);
    }

    public Uri NodeAddress => _transport.CurrentEndpoint;

    public async Task<ResponseValue<AccountInfo?>> GetAccountInfoAsync(
        PublicKey account, Commitment? commitment = null, DataSlice? dataSlice = null, ulong? minContextSlot = null,
        CancellationToken cancellationToken = default) =>
        await CallAsync("getAccountInfo", Json.AccountInfoResponse, writer =>
        {
            writer.WriteStringValue(account.Key);
            WriteAccountConfig(writer, commitment ?? _commitment, dataSlice, minContextSlot: minContextSlot);
        }, cancellationToken, IsBefore<AccountInfo?>(minContextSlot));

    public async Task<ResponseValue<IReadOnlyList<AccountInfo?>>> GetMultipleAccountsAsync(
        IReadOnlyList<PublicKey> accounts, Commitment? commitment = null, DataSlice? dataSlice = null, ulong? minContextSlot = null,
        CancellationToken cancellationToken = default)
    {
        List<AccountInfo?> infos = new(accounts.Count);
        ulong? oldest = null;
        foreach (PublicKey[] part in accounts.Chunk(MaxAccountsPerRequest))
        {
            ResponseValue<IReadOnlyList<AccountInfo>> answer = await CallValueAsync("getMultipleAccounts", Json.AccountInfosResponse, writer =>
            {
                WriteKeys(writer, part);
                WriteAccountConfig(writer, commitment ?? _commitment, dataSlice, minContextSlot: minContextSlot);
            }, cancellationToken, minContextSlot);
            if (answer.Value.Count != part.Length)
                throw new RpcException("getMultipleAccounts", 0, $"the node returned {answer.Value.Count} accounts for {part.Length} addresses");
            infos.AddRange(answer.Value);
            oldest = Math.Min(oldest ?? ulong.MaxValue, answer.Context.Slot);
        }
        return new ResponseValue<IReadOnlyList<AccountInfo?>>(new ResponseContext(oldest ?? 0), infos);
    }

    public Task<ResponseValue<IReadOnlyList<AccountKeyPair>>> GetProgramAccountsAsync(
        PublicKey programId,
        IReadOnlyList<AccountFilter>? filters = null,
        DataSlice? dataSlice = null,
        Commitment? commitment = null,
        ulong? minContextSlot = null,
        CancellationToken cancellationToken = default) =>
        CallValueAsync("getProgramAccounts", Json.KeyedAccountsResponse, writer =>
        {
            writer.WriteStringValue(programId.Key);
            WriteAccountConfig(writer, commitment ?? _commitment, dataSlice, filters, withContext: true, minContextSlot);
        }, cancellationToken, minContextSlot);

    public Task<ResponseValue<ulong>> GetBalanceAsync(
        PublicKey account, Commitment? commitment = null, ulong? minContextSlot = null, CancellationToken cancellationToken = default) =>
        CallAsync("getBalance", Json.UlongValueResponse, writer =>
        {
            writer.WriteStringValue(account.Key);
            WriteConfig(writer, commitment ?? _commitment, minContextSlot);
        }, cancellationToken, IsBefore<ulong>(minContextSlot));

    public Task<ResponseValue<TokenBalance>> GetTokenAccountBalanceAsync(
        PublicKey tokenAccount, Commitment? commitment = null, CancellationToken cancellationToken = default) =>
        CallValueAsync("getTokenAccountBalance", Json.TokenBalanceResponse, KeyAndCommitment(tokenAccount, commitment), cancellationToken);

    public Task<ResponseValue<IReadOnlyList<AccountKeyPair>>> GetTokenAccountsByOwnerAsync(
        PublicKey owner, TokenAccountFilter filter, Commitment? commitment = null, CancellationToken cancellationToken = default) =>
        CallValueAsync("getTokenAccountsByOwner", Json.KeyedAccountsResponse, writer =>
        {
            writer.WriteStringValue(owner.Key);
            writer.WriteStartObject();
            if (filter.Mint is { } mint) writer.WriteString("mint"u8, mint.Key);
            else if (filter.ProgramId is { } programId) writer.WriteString("programId"u8, programId.Key);
            else throw new ArgumentException("A token account filter names a mint or a program.", nameof(filter));
            writer.WriteEndObject();
            WriteAccountConfig(writer, commitment ?? _commitment);
        }, cancellationToken);

    public Task<ResponseValue<LatestBlockHash>> GetLatestBlockHashAsync(Commitment? commitment = null, CancellationToken cancellationToken = default) =>
        CallValueAsync("getLatestBlockhash", Json.LatestBlockHashResponse, Commitment(commitment), cancellationToken);

    public Task<ResponseValue<bool>> IsBlockHashValidAsync(string blockhash, Commitment? commitment = null, CancellationToken cancellationToken = default) =>
        CallAsync("isBlockhashValid", Json.BoolValueResponse, writer =>
        {
            writer.WriteStringValue(blockhash);
            WriteConfig(writer, commitment ?? _commitment);
        }, cancellationToken);

    public Task<ulong> GetBlockHeightAsync(Commitment? commitment = null, CancellationToken cancellationToken = default) =>
        CallAsync("getBlockHeight", Json.UlongResponse, Commitment(commitment), cancellationToken);

    public Task<ulong> GetSlotAsync(Commitment? commitment = null, CancellationToken cancellationToken = default) =>
        CallAsync("getSlot", Json.UlongResponse, Commitment(commitment), cancellationToken);

    public async Task<ulong?> GetNewestSlotAsync(CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ulong> slots = await _transport.AskAllAsync("getSlot", Commitment(null), Json.UlongResponse, cancellationToken);
        return slots.Count == 0 ? null : slots.Max();
    }

    public Task<EpochInfo> GetEpochInfoAsync(Commitment? commitment = null, CancellationToken cancellationToken = default) =>
        CallAsync("getEpochInfo", Json.EpochInfoResponse, Commitment(commitment), cancellationToken);

    public Task<long?> GetBlockTimeAsync(ulong slot, CancellationToken cancellationToken = default) =>
        CallOptionalAsync("getBlockTime", Json.OptionalLongResponse, RetryMode.Always, writer => writer.WriteNumberValue(slot), cancellationToken);

    public Task<ulong> GetMinimumBalanceForRentExemptionAsync(ulong dataLength, Commitment? commitment = null, CancellationToken cancellationToken = default) =>
        CallAsync("getMinimumBalanceForRentExemption", Json.UlongResponse, writer =>
        {
            writer.WriteNumberValue(dataLength);
            WriteConfig(writer, commitment ?? _commitment);
        }, cancellationToken);

    public Task<IReadOnlyList<PrioritizationFeeItem>> GetRecentPrioritizationFeesAsync(
        IReadOnlyList<PublicKey>? accounts = null, CancellationToken cancellationToken = default) =>
        CallAsync("getRecentPrioritizationFees", Json.PrioritizationFeesResponse, writer => WriteKeys(writer, accounts ?? []), cancellationToken);

    public Task<ResponseValue<ulong?>> GetFeeForMessageAsync(Message message, Commitment? commitment = null, CancellationToken cancellationToken = default) =>
        CallAsync("getFeeForMessage", Json.OptionalUlongValueResponse, writer =>
        {
            writer.WriteBase64StringValue(message.Serialize());
            WriteConfig(writer, commitment ?? _commitment);
        }, cancellationToken);

    public async Task<string> SendTransactionAsync(
        ReadOnlyMemory<byte> transaction, SendTransactionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SendTransactionOptions();
        // The same bytes have the same signature and take effect once, however often they arrive.
        RetryMode retry = options.SingleAttempt ? RetryMode.IfNotActedOn : RetryMode.Always;
        return Present("sendTransaction", await CallOptionalAsync("sendTransaction", Json.StringResponse, retry, writer =>
        {
            writer.WriteBase64StringValue(transaction.Span);
            writer.WriteStartObject();
            writer.WriteString("encoding"u8, "base64"u8);
            writer.WriteBoolean("skipPreflight"u8, options.SkipPreflight);
            writer.WriteString("preflightCommitment"u8, CommitmentConverter.NameOf(options.PreflightCommitment ?? _commitment));
            if (options.MaxRetries is { } retries) writer.WriteNumber("maxRetries"u8, retries);
            if (options.MinContextSlot is { } slot && !options.SkipPreflight) writer.WriteNumber("minContextSlot"u8, slot);
            writer.WriteEndObject();
        }, cancellationToken));
    }

    public Task<ResponseValue<SimulationLogs>> SimulateTransactionAsync(
        ReadOnlyMemory<byte> transaction, SimulateTransactionOptions? options = null, CancellationToken cancellationToken = default) =>
        CallValueAsync("simulateTransaction", Json.SimulationResponse, writer =>
        {
            writer.WriteBase64StringValue(transaction.Span);
            writer.WriteStartObject();
            writer.WriteString("encoding"u8, "base64"u8);
            WriteCommitment(writer, options?.Commitment ?? _commitment);
            writer.WriteBoolean("sigVerify"u8, options?.SigVerify ?? false);
            writer.WriteBoolean("replaceRecentBlockhash"u8, options?.ReplaceRecentBlockhash ?? false);
            if (options?.MinContextSlot is { } slot) writer.WriteNumber("minContextSlot"u8, slot);
            if (options?.Accounts is { } accounts)
            {
                writer.WriteStartObject("accounts"u8);
                writer.WriteString("encoding"u8, "base64"u8);
                writer.WriteStartArray("addresses"u8);
                foreach (PublicKey account in accounts) writer.WriteStringValue(account.Key);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }, cancellationToken);

    public async Task<ResponseValue<IReadOnlyList<SignatureStatusInfo?>>> GetSignatureStatusesAsync(
        IReadOnlyList<string> signatures, bool searchTransactionHistory = false, ulong? minContextSlot = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(signatures.Count, MaxSignaturesPerRequest);
        ResponseValue<IReadOnlyList<SignatureStatusInfo>> answer = await CallValueAsync("getSignatureStatuses", Json.SignatureStatusesResponse, writer =>
        {
            writer.WriteStartArray();
            foreach (string signature in signatures) writer.WriteStringValue(signature);
            writer.WriteEndArray();
            writer.WriteStartObject();
            writer.WriteBoolean("searchTransactionHistory"u8, searchTransactionHistory);
            writer.WriteEndObject(); // the method knows no minContextSlot: the answer is judged by its slot
        }, cancellationToken, minContextSlot);
        if (answer.Value.Count != signatures.Count)
            throw new RpcException("getSignatureStatuses", 0, $"the node returned {answer.Value.Count} statuses for {signatures.Count} signatures");
        return new ResponseValue<IReadOnlyList<SignatureStatusInfo?>>(answer.Context, answer.Value);
    }

    public Task<IReadOnlyList<SignatureInfo>> GetSignaturesForAddressAsync(
        PublicKey address,
        int limit = 1000,
        string? before = null,
        string? until = null,
        Commitment? commitment = null,
        CancellationToken cancellationToken = default) =>
        CallAsync("getSignaturesForAddress", Json.SignatureInfosResponse, writer =>
        {
            writer.WriteStringValue(address.Key);
            writer.WriteStartObject();
            writer.WriteNumber("limit"u8, limit);
            if (before is not null) writer.WriteString("before"u8, before);
            if (until is not null) writer.WriteString("until"u8, until);
            WriteCommitment(writer, SettledAtLeast(commitment));
            writer.WriteEndObject();
        }, cancellationToken);

    public Task<TransactionInfo?> GetTransactionAsync(string signature, Commitment? commitment = null, CancellationToken cancellationToken = default) =>
        CallOptionalAsync("getTransaction", Json.TransactionInfoResponse, RetryMode.Always, writer =>
        {
            writer.WriteStringValue(signature);
            writer.WriteStartObject();
            writer.WriteString("encoding"u8, "base64"u8);
            writer.WriteNumber("maxSupportedTransactionVersion"u8, 0);
            WriteCommitment(writer, SettledAtLeast(commitment));
            writer.WriteEndObject();
        }, cancellationToken);

    public async Task<string> RequestAirdropAsync(
        PublicKey account, ulong lamports, Commitment? commitment = null, CancellationToken cancellationToken = default) =>
        Present("requestAirdrop", await CallOptionalAsync("requestAirdrop", Json.StringResponse, RetryMode.IfNotActedOn, writer =>
        {
            writer.WriteStringValue(account.Key);
            writer.WriteNumberValue(lamports);
            WriteConfig(writer, commitment ?? _commitment);
        }, cancellationToken));

    public async Task<string> GetHealthAsync(CancellationToken cancellationToken = default) =>
        Present("getHealth", await CallOptionalAsync("getHealth", Json.StringResponse, RetryMode.Never, static _ => { }, cancellationToken));

    public Task<NodeVersion> GetVersionAsync(CancellationToken cancellationToken = default) =>
        CallAsync("getVersion", Json.NodeVersionResponse, static _ => { }, cancellationToken);

    public Task<string> GetGenesisHashAsync(CancellationToken cancellationToken = default) =>
        CallAsync("getGenesisHash", Json.StringResponse, static _ => { }, cancellationToken);

    public void Dispose() => _transport.Dispose();

    private async Task<T> CallAsync<T>(
        string method, JsonTypeInfo<JsonRpcResponse<T>> type, Action<Utf8JsonWriter> writeParams, CancellationToken cancellationToken,
        Func<T, bool>? isBehind = null) =>
        Present(method, await _transport.CallAsync(method, writeParams, type, RetryMode.Always, cancellationToken, isBehind));

    private async Task<ResponseValue<T>> CallValueAsync<T>(
        string method, JsonTypeInfo<JsonRpcResponse<ResponseValue<T>>> type, Action<Utf8JsonWriter> writeParams, CancellationToken cancellationToken,
        ulong? minContextSlot = null)
    {
        ResponseValue<T> answer = await CallAsync(method, type, writeParams, cancellationToken, IsBefore<T>(minContextSlot));
        Present(method, answer.Value);
        return answer;
    }

    private Task<T?> CallOptionalAsync<T>(
        string method, JsonTypeInfo<JsonRpcResponse<T>> type, RetryMode retry, Action<Utf8JsonWriter> writeParams, CancellationToken cancellationToken) =>
        _transport.CallAsync(method, writeParams, type, retry, cancellationToken);

    private static Func<ResponseValue<T>, bool>? IsBefore<T>(ulong? slot) => slot is { } least ? answer => answer.Context.Slot < least : null;

    private static T Present<T>(string method, T? result) => result ?? throw new RpcException(method, 0, "the node's result is null");

    private static void WriteKeys(Utf8JsonWriter writer, IEnumerable<PublicKey> keys)
    {
        writer.WriteStartArray();
        foreach (PublicKey key in keys) writer.WriteStringValue(key.Key);
        writer.WriteEndArray();
    }

    // Nodes refuse "processed" for what they read from their ledger.
    private Commitment SettledAtLeast(Commitment? commitment) =>
        (commitment ?? _commitment) == Models.Commitment.Finalized ? Models.Commitment.Finalized : Models.Commitment.Confirmed;

    private Action<Utf8JsonWriter> Commitment(Commitment? commitment) => writer => WriteConfig(writer, commitment ?? _commitment);

    private Action<Utf8JsonWriter> KeyAndCommitment(PublicKey key, Commitment? commitment) => writer =>
    {
        writer.WriteStringValue(key.Key);
        WriteConfig(writer, commitment ?? _commitment);
    };
}
