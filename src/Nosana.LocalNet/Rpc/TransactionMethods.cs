using System.Text.Json;
using Nosana.LocalNet.Faults;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;
using SimpleBase;

namespace Nosana.LocalNet.Rpc;

/// <summary>Methods that send and simulate transactions, and what a sender needs first.</summary>
internal sealed class TransactionMethods(Bank bank, BankView view, LocalNetFaults faults, Faucet faucet)
{
    private const int FeeSamples = 150;
    private const int MaxFeeAccounts = 128;

    public IEnumerable<KeyValuePair<string, RpcMethod>> Methods =>
    [
        new("getLatestBlockhash", GetLatestBlockhash),
        new("isBlockhashValid", IsBlockhashValid),
        new("getFeeForMessage", GetFeeForMessage),
        new("getRecentPrioritizationFees", GetRecentPrioritizationFees),
        new("sendTransaction", SendTransaction),
        new("simulateTransaction", SimulateTransaction),
        new("requestAirdrop", RequestAirdrop),
    ];

    private void GetLatestBlockhash(RpcParameters parameters, Utf8JsonWriter writer)
    {
        (PublicKey hash, ulong lastValid, ulong slot) = bank.LatestBlockhash();
        view.Check(parameters.Options(0), slot);
        writer.BeginContext(slot);
        writer.WriteStartObject();
        writer.WriteString("blockhash", hash.Key);
        writer.WriteNumber("lastValidBlockHeight", lastValid);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void IsBlockhashValid(RpcParameters parameters, Utf8JsonWriter writer)
    {
        PublicKey hash = parameters.Key(0);
        writer.BeginContext(bank.Clock.Slot);
        writer.WriteBooleanValue(bank.IsBlockhashValid(hash));
        writer.WriteEndObject();
    }

    private void GetFeeForMessage(RpcParameters parameters, Utf8JsonWriter writer)
    {
        ExecutableMessage message;
        try
        {
            message = WireDecoder.DecodeMessage(Convert.FromBase64String(parameters.Text(0)));
        }
        catch (Exception exception) when (exception is FormatException or TransactionFormatException)
        {
            throw RpcError.Parameter($"the message cannot be read: {exception.Message}");
        }
        writer.BeginContext(bank.Clock.Slot);
        bool known = bank.IsBlockhashValid(message.RecentBlockhash) & ComputeBudget.TryRead(message, out ComputeBudget budget, out _);
        if (known) writer.WriteNumberValue(budget.Fee(message.RequiredSignatures));
        else writer.WriteNullValue();
        writer.WriteEndObject();
    }

    /// <summary>
    /// For each of the last slots what it took, in micro-lamports a compute unit, to land in it a transaction that locks all the accounts given:
    /// the least that anybody paid there, and for each account the least that anybody paid who wrote to it.
    /// </summary>
    private void GetRecentPrioritizationFees(RpcParameters parameters, Utf8JsonWriter writer)
    {
        IReadOnlyList<string> texts = parameters.At(0).ValueKind == JsonValueKind.Undefined ? [] : parameters.Texts(0);
        if (texts.Count > MaxFeeAccounts) throw new RpcError(RpcError.InvalidParameters, $"Too many inputs provided; max {MaxFeeAccounts}");
        PublicKey[] accounts = [.. texts.Select(RpcParameters.ParseKey)];
        ulong slot = bank.Clock.Slot;
        ulong first = Math.Max(slot > FeeSamples ? slot - FeeSamples + 1 : 1, bank.FirstSlot);
        writer.WriteStartArray();
        for (ulong at = first; at <= slot; at++)
        {
            writer.WriteStartObject();
            writer.WriteNumber("prioritizationFee", FeeNeeded([.. bank.TransactionsAt(at).Select(transaction => transaction.Result)], accounts));
            writer.WriteNumber("slot", at);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static ulong FeeNeeded(IReadOnlyList<TransactionResult> landed, IReadOnlyList<PublicKey> accounts)
    {
        if (landed.Count == 0) return 0;
        ulong needed = landed.Min(result => result.MicroLamportsPerUnit);
        foreach (PublicKey account in accounts)
            needed = Math.Max(needed, landed.Where(result => Writes(result.Message, account)).Min(result => (ulong?)result.MicroLamportsPerUnit) ?? 0);
        return needed;
    }

    private static bool Writes(ExecutableMessage message, PublicKey account) =>
        Array.IndexOf(message.Keys, account) is >= 0 and var index && message.Writable[index];

    private void SendTransaction(RpcParameters parameters, Utf8JsonWriter writer)
    {
        RpcOptions options = parameters.Options(1);
        WireTransaction wire = TransactionParser.Read(parameters.Text(0), options.Text("encoding"));
        bool preflight = !options.Flag("skipPreflight");
        string signature = Base58.Bitcoin.Encode(wire.Signature);
        if (preflight)
        {
            ClusterMethods.CheckHealth(faults);
            view.Check(options, view.Slot);
        }
        if (faults.TakeLostTransaction())
        {
            writer.WriteStringValue(signature);
            return;
        }
        bool hidden = faults.TakeLostConfirmation();
        if (hidden) faults.Hide(signature);
        TransactionResult result = bank.Send(wire, preflight);
        if (preflight && result.Error is { } error)
        {
            if (hidden) faults.Reveal(signature);
            if (error == TransactionError.SignatureFailure)
                throw new RpcError(RpcError.SignatureVerificationFailure, "Transaction signature verification failure");
            throw new RpcError(RpcError.PreflightFailure, $"Transaction simulation failed: {ErrorJson.Describe(error)}", data => WriteFailure(data, result));
        }
        writer.WriteStringValue(signature);
    }

    private static void WriteFailure(Utf8JsonWriter writer, TransactionResult result)
    {
        writer.WriteStartObject();
        writer.WriteNull("accounts");
        SimulationJson.WriteCommon(writer, result);
        writer.WriteEndObject();
    }

    private void SimulateTransaction(RpcParameters parameters, Utf8JsonWriter writer)
    {
        RpcOptions options = parameters.Options(1);
        WireTransaction wire = TransactionParser.Read(parameters.Text(0), options.Text("encoding"));
        bool verify = options.Flag("sigVerify"), replace = options.Flag("replaceRecentBlockhash");
        if (verify && replace) throw new RpcError(RpcError.InvalidParameters, "sigVerify may not be used with replaceRecentBlockhash");
        view.Check(options, view.Slot);
        TransactionResult result = bank.Simulate(wire, verify, replace);
        if (verify && result.Error == TransactionError.SignatureFailure)
            throw new RpcError(RpcError.SignatureVerificationFailure, "Transaction signature verification failure");
        writer.BeginContext(result.Clock.Slot);
        writer.WriteStartObject();
        writer.WritePropertyName("accounts");
        if (options.Has("accounts")) WriteSimulatedAccounts(writer, options.Object("accounts"), result);
        else writer.WriteNullValue();
        SimulationJson.WriteCommon(writer, result, replace ? bank.LatestBlockhash() : null);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteSimulatedAccounts(Utf8JsonWriter writer, RpcOptions wanted, TransactionResult result)
    {
        AccountEncoding encoding = AccountEncoding.Read(wanted, whenAbsent: "base64");
        if (encoding.Name is null or "base58") throw RpcError.Parameter("base58 encoding not supported");
        JsonElement addresses = wanted["addresses"];
        if (addresses.ValueKind != JsonValueKind.Array) throw RpcError.Parameter("accounts without addresses");
        var changed = new Dictionary<PublicKey, AccountState>(result.Changes);
        writer.WriteStartArray();
        foreach (JsonElement address in addresses.EnumerateArray())
        {
            PublicKey key = RpcParameters.ParseKey(address.GetString() ?? "");
            AccountState? state = changed.TryGetValue(key, out AccountState? after) ? after.Lamports == 0 ? null : after : bank.GetAccount(key);
            encoding.Write(writer, result.Error is null ? state : null, bank.GetAccount);
        }
        writer.WriteEndArray();
    }

    private void RequestAirdrop(RpcParameters parameters, Utf8JsonWriter writer) =>
        writer.WriteStringValue(faucet.Airdrop(parameters.Key(0), parameters.Number(1)));
}
