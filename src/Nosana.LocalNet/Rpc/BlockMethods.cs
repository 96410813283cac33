using System.Text.Json;
using Nosana.LocalNet.Faults;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Rpc;

/// <summary>
/// Methods about blocks. Every slot has one, most of them without a transaction. The block of the present slot is answered as it stands:
/// on this network a transaction is final as soon as it is processed.
/// </summary>
internal sealed class BlockMethods(Bank bank, LocalNetFaults faults)
{
    private const ulong MaxBlocks = 500_000;

    private static readonly string[] Details = ["full", "signatures", "none", "accounts"];

    public IEnumerable<KeyValuePair<string, RpcMethod>> Methods =>
    [
        new("getBlock", GetBlock),
        new("getBlocks", GetBlocks),
        new("getBlocksWithLimit", GetBlocksWithLimit),
        new("getBlockTime", GetBlockTime),
        new("getBlockCommitment", GetBlockCommitment),
        new("getFirstAvailableBlock", (_, writer) => writer.WriteNumberValue(bank.FirstSlot)),
        new("minimumLedgerSlot", (_, writer) => writer.WriteNumberValue(bank.FirstSlot)),
    ];

    private void GetBlock(RpcParameters parameters, Utf8JsonWriter writer)
    {
        ulong slot = parameters.Number(0);
        // The oldest form of this method takes the encoding as a bare string.
        bool bare = parameters.At(1).ValueKind == JsonValueKind.String;
        RpcOptions options = bare ? default : parameters.Options(1);
        CheckCommitment(options);
        CheckKnown(slot);
        string encoding = (bare ? parameters.Text(1) : options.Text("encoding")) ?? "json";
        string details = options.Text("transactionDetails") ?? "full";
        ulong? maxVersion = options.Number("maxSupportedTransactionVersion");
        bool withRewards = !options.Has("rewards") || options.Flag("rewards");
        IEnumerable<LandedTransaction> transactions = bank.TransactionsAt(slot).Where(transaction => !faults.IsHidden(transaction.Signature));

        writer.WriteStartObject();
        writer.WriteNumber("blockHeight", slot);
        writer.WriteNumber("blockTime", bank.TimeOf(slot));
        writer.WriteString("blockhash", bank.BlockhashOf(slot).Key);
        writer.WriteNumber("parentSlot", slot == 0 ? 0 : slot - 1);
        writer.WriteString("previousBlockhash", slot == 0 ? default(PublicKey).Key : bank.BlockhashOf(slot - 1).Key);
        if (withRewards)
        {
            writer.WriteStartArray("rewards");
            writer.WriteEndArray();
        }
        switch (details)
        {
            case "full":
                writer.WriteStartArray("transactions");
                foreach (LandedTransaction transaction in transactions) TransactionJson.WriteInBlock(writer, transaction, encoding, maxVersion, withRewards);
                writer.WriteEndArray();
                break;
            case "accounts":
                writer.WriteStartArray("transactions");
                foreach (LandedTransaction transaction in transactions) TransactionJson.WriteAccounts(writer, transaction, maxVersion, withRewards);
                writer.WriteEndArray();
                break;
            case "signatures":
                writer.WriteStartArray("signatures");
                foreach (LandedTransaction transaction in transactions) writer.WriteStringValue(transaction.Signature);
                writer.WriteEndArray();
                break;
            case "none":
                break;
            default:
                throw RpcError.UnknownVariant(details, Details);
        }
        writer.WriteEndObject();
    }

    private void GetBlocks(RpcParameters parameters, Utf8JsonWriter writer)
    {
        ulong start = parameters.Number(0);
        // The last slot may be left out, with the options in its place.
        bool withEnd = parameters.At(1).ValueKind == JsonValueKind.Number;
        CheckCommitment(parameters.Options(withEnd || parameters.Count > 2 ? 2 : 1));
        ulong end = Math.Min(withEnd ? parameters.Number(1) : ulong.MaxValue, bank.Clock.Slot);
        if (end > start && end - start > MaxBlocks)
        {
            if (withEnd) throw new RpcError(RpcError.InvalidParameters, $"Slot range too large; max {MaxBlocks}");
            end = start + MaxBlocks;
        }
        WriteSlots(writer, Math.Max(start, bank.FirstSlot), end);
    }

    private void GetBlocksWithLimit(RpcParameters parameters, Utf8JsonWriter writer)
    {
        ulong start = parameters.Number(0), limit = parameters.Number(1);
        if (limit > MaxBlocks) throw new RpcError(RpcError.InvalidParameters, $"Limit too large; max {MaxBlocks}");
        CheckCommitment(parameters.Options(2));
        start = Math.Max(start, bank.FirstSlot);
        ulong now = bank.Clock.Slot;
        if (limit == 0 || start > now) WriteSlots(writer, 1, 0);
        else WriteSlots(writer, start, Math.Min(start + limit - 1, now));
    }

    private static void WriteSlots(Utf8JsonWriter writer, ulong first, ulong last)
    {
        writer.WriteStartArray();
        for (ulong slot = first; slot <= last; slot++) writer.WriteNumberValue(slot);
        writer.WriteEndArray();
    }

    private void GetBlockTime(RpcParameters parameters, Utf8JsonWriter writer)
    {
        ulong slot = parameters.Number(0);
        if (slot > bank.Clock.Slot) throw RpcError.NoBlock(slot);
        writer.WriteNumberValue(bank.TimeOf(slot));
    }

    /// <summary>Nobody votes here: there is no stake, and of a block that is final a node keeps no votes either.</summary>
    private static void GetBlockCommitment(RpcParameters parameters, Utf8JsonWriter writer)
    {
        parameters.Number(0);
        writer.WriteStartObject();
        writer.WriteNull("commitment");
        writer.WriteNumber("totalStake", 0);
        writer.WriteEndObject();
    }

    private void CheckKnown(ulong slot)
    {
        if (slot > bank.Clock.Slot) throw RpcError.NoBlock(slot);
        if (bank.FirstSlot is var first && slot < first)
            throw new RpcError(RpcError.BlockCleanedUp, $"Block {slot} cleaned up, does not exist on node. First available block: {first}");
    }

    private static void CheckCommitment(RpcOptions options)
    {
        if (options.Text("commitment") == "processed") throw new RpcError(RpcError.InvalidParameters, "Method does not support commitment below `confirmed`");
    }
}
