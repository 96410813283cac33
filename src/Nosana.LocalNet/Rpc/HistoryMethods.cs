using System.Text.Json;
using Nosana.LocalNet.Faults;
using Nosana.LocalNet.Runtime;
using SimpleBase;

namespace Nosana.LocalNet.Rpc;

/// <summary>Methods that look transactions up.</summary>
internal sealed class HistoryMethods(Bank bank, BankView view, LocalNetFaults faults)
{
    private const int MaxStatuses = 256;
    private const int MaxSignatures = 1_000;
    private const int SignatureLength = 64;

    public IEnumerable<KeyValuePair<string, RpcMethod>> Methods =>
    [
        new("getSignatureStatuses", GetSignatureStatuses),
        new("getSignaturesForAddress", GetSignaturesForAddress),
        new("getTransaction", GetTransaction),
    ];

    private void GetSignatureStatuses(RpcParameters parameters, Utf8JsonWriter writer)
    {
        IReadOnlyList<string> signatures = parameters.Texts(0);
        if (signatures.Count > MaxStatuses) throw new RpcError(RpcError.InvalidParameters, $"Too many inputs provided; max {MaxStatuses}");
        foreach (string signature in signatures) CheckSignature(signature);
        ulong slot = view.Slot;
        writer.BeginContext(slot);
        writer.WriteStartArray();
        foreach (string signature in signatures) WriteStatus(writer, Find(signature) is { } landed && landed.Result.Clock.Slot <= slot ? landed : null);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteStatus(Utf8JsonWriter writer, LandedTransaction? transaction)
    {
        if (transaction is null)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("confirmationStatus", "finalized");
        writer.WriteNull("confirmations");
        writer.WritePropertyName("err");
        ErrorJson.Write(writer, transaction.Result.Error);
        writer.WriteNumber("slot", transaction.Result.Clock.Slot);
        writer.WritePropertyName("status");
        ErrorJson.WriteStatus(writer, transaction.Result.Error);
        writer.WriteEndObject();
    }

    private void GetSignaturesForAddress(RpcParameters parameters, Utf8JsonWriter writer)
    {
        IEnumerable<LandedTransaction> found = bank.TransactionsOf(parameters.Key(0)).Where(transaction => !faults.IsHidden(transaction.Signature));
        RpcOptions options = parameters.Options(1);
        ulong limit = options.Number("limit") ?? MaxSignatures;
        if (limit is 0 or > MaxSignatures) throw new RpcError(RpcError.InvalidParameters, $"Invalid limit; max {MaxSignatures}");
        if (options.Text("before") is { } before) found = found.SkipWhile(transaction => transaction.Signature != before).Skip(1);
        if (options.Text("until") is { } until) found = found.TakeWhile(transaction => transaction.Signature != until);
        writer.WriteStartArray();
        foreach (LandedTransaction transaction in found.Take((int)limit))
        {
            writer.WriteStartObject();
            writer.WriteNumber("blockTime", transaction.Result.Clock.UnixTimestamp);
            writer.WriteString("confirmationStatus", "finalized");
            writer.WritePropertyName("err");
            ErrorJson.Write(writer, transaction.Result.Error);
            writer.WriteNull("memo");
            writer.WriteString("signature", transaction.Signature);
            writer.WriteNumber("slot", transaction.Result.Clock.Slot);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void GetTransaction(RpcParameters parameters, Utf8JsonWriter writer)
    {
        string signature = parameters.Text(0);
        CheckSignature(signature);
        // The oldest form of this method takes the encoding as a bare string.
        bool bare = parameters.At(1).ValueKind == JsonValueKind.String;
        RpcOptions options = bare ? default : parameters.Options(1);
        string encoding = (bare ? parameters.Text(1) : options.Text("encoding")) ?? "json";
        ulong? maxVersion = options.Number("maxSupportedTransactionVersion");
        if (Find(signature) is not { } transaction)
        {
            writer.WriteNullValue();
            return;
        }
        TransactionJson.Write(writer, transaction, encoding, maxVersion);
    }

    private LandedTransaction? Find(string signature) => faults.IsHidden(signature) ? null : bank.FindTransaction(signature);

    private static void CheckSignature(string signature)
    {
        byte[] bytes = new byte[SignatureLength + 32];
        bool decoded = signature.Length <= 90 && !signature.AsSpan().ContainsAnyExceptInRange('!', '~')
            && Base58.Bitcoin.TryDecode(signature, bytes, out int length) && length == SignatureLength;
        if (!decoded) throw RpcError.Parameter("WrongSize");
    }
}
