using System.Text.Json;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;
using SimpleBase;

namespace Nosana.LocalNet.Rpc;

/// <summary>A landed transaction as getTransaction and getBlock answer it.</summary>
internal static class TransactionJson
{
    /// <summary>By itself, with its slot and time.</summary>
    /// <param name="maxVersion">The newest version that the caller understands; null for one that knows only the legacy form, and is shown no version.</param>
    public static void Write(Utf8JsonWriter writer, LandedTransaction transaction, string encoding, ulong? maxVersion)
    {
        writer.WriteStartObject();
        writer.WriteNumber("blockTime", transaction.Result.Clock.UnixTimestamp);
        writer.WriteNumber("slot", transaction.Result.Clock.Slot);
        WriteParts(writer, transaction, encoding, maxVersion, withRewards: true);
        writer.WriteEndObject();
    }

    /// <summary>As one of its block's.</summary>
    public static void WriteInBlock(Utf8JsonWriter writer, LandedTransaction transaction, string encoding, ulong? maxVersion, bool withRewards)
    {
        writer.WriteStartObject();
        WriteParts(writer, transaction, encoding, maxVersion, withRewards);
        writer.WriteEndObject();
    }

    /// <summary>As one of its block's, without instructions and logs: which accounts it named and what that did to their balances.</summary>
    public static void WriteAccounts(Utf8JsonWriter writer, LandedTransaction transaction, ulong? maxVersion, bool withRewards)
    {
        TransactionResult result = transaction.Result;
        writer.WriteStartObject();
        writer.WriteStartObject("meta");
        WriteOutcome(writer, result, withRewards);
        writer.WriteEndObject();
        writer.WriteStartObject("transaction");
        writer.WriteStartArray("accountKeys");
        for (int i = 0; i < result.Message.Keys.Length; i++) WriteParsedKey(writer, result.Message, i);
        writer.WriteEndArray();
        WriteSignatures(writer, transaction.Wire);
        writer.WriteEndObject();
        WriteVersion(writer, transaction.Wire, maxVersion);
        writer.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter writer, LandedTransaction transaction, string encoding, ulong? maxVersion, bool withRewards)
    {
        bool parsed = encoding == "jsonParsed";
        writer.WriteStartObject("meta");
        WriteMeta(writer, transaction, parsed, withRewards);
        writer.WriteEndObject();
        writer.WritePropertyName("transaction");
        switch (encoding)
        {
            case "json" or "jsonParsed":
                WriteBody(writer, transaction.Wire, parsed);
                break;
            case "base64":
                writer.WriteStartArray();
                writer.WriteBase64StringValue(transaction.Wire.Bytes);
                writer.WriteStringValue("base64");
                writer.WriteEndArray();
                break;
            case "base58":
                writer.WriteStartArray();
                writer.WriteStringValue(Base58.Bitcoin.Encode(transaction.Wire.Bytes));
                writer.WriteStringValue("base58");
                writer.WriteEndArray();
                break;
            default:
                throw RpcError.UnknownVariant(encoding, "base64", "base58", "json", "jsonParsed");
        }
        WriteVersion(writer, transaction.Wire, maxVersion);
    }

    private static void WriteVersion(Utf8JsonWriter writer, WireTransaction wire, ulong? maxVersion)
    {
        if (wire.Version is { } version)
        {
            if (maxVersion is null || (ulong)version > maxVersion) throw RpcError.UnsupportedVersion(version);
            writer.WriteNumber("version", version);
        }
        else if (maxVersion is not null)
        {
            writer.WriteString("version", "legacy");
        }
    }

    /// <summary>What every form of a transaction tells of its fate.</summary>
    private static void WriteOutcome(Utf8JsonWriter writer, TransactionResult result, bool withRewards)
    {
        writer.WritePropertyName("err");
        ErrorJson.Write(writer, result.Error);
        writer.WriteNumber("fee", result.Fee);
        WriteNumbers(writer, "postBalances", result.PostBalances);
        WriteTokens(writer, "postTokenBalances", result.PostTokens);
        WriteNumbers(writer, "preBalances", result.PreBalances);
        WriteTokens(writer, "preTokenBalances", result.PreTokens);
        if (withRewards)
        {
            writer.WriteStartArray("rewards");
            writer.WriteEndArray();
        }
        writer.WritePropertyName("status");
        ErrorJson.WriteStatus(writer, result.Error);
    }

    private static void WriteMeta(Utf8JsonWriter writer, LandedTransaction transaction, bool parsed, bool withRewards)
    {
        TransactionResult result = transaction.Result;
        WriteOutcome(writer, result, withRewards);
        writer.WriteNumber("computeUnitsConsumed", result.UnitsConsumed);
        writer.WriteStartArray("innerInstructions");
        foreach (IGrouping<int, InnerCall> group in result.InnerCalls.GroupBy(call => call.InstructionIndex))
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", group.Key);
            writer.WriteStartArray("instructions");
            foreach (InnerCall inner in group) WriteCall(writer, result.Message.Keys, inner.Call, inner.StackHeight, parsed);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartObject("loadedAddresses");
        writer.WriteStartArray("readonly");
        writer.WriteEndArray();
        writer.WriteStartArray("writable");
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartArray("logMessages");
        foreach (string line in result.Logs) writer.WriteStringValue(line);
        writer.WriteEndArray();
        if (result.ReturnData is not null)
        {
            writer.WritePropertyName("returnData");
            SimulationJson.WriteReturnData(writer, result);
        }
    }

    private static void WriteBody(Utf8JsonWriter writer, WireTransaction wire, bool parsed)
    {
        ExecutableMessage message = wire.Message;
        writer.WriteStartObject();
        writer.WriteStartObject("message");
        writer.WriteStartArray("accountKeys");
        for (int i = 0; i < message.Keys.Length; i++)
        {
            if (parsed) WriteParsedKey(writer, message, i);
            else writer.WriteStringValue(message.Keys[i].Key);
        }
        writer.WriteEndArray();
        if (wire.Version is not null)
        {
            writer.WriteStartArray("addressTableLookups");
            writer.WriteEndArray();
        }
        if (!parsed)
        {
            writer.WriteStartObject("header");
            writer.WriteNumber("numReadonlySignedAccounts", wire.ReadOnly.Signed);
            writer.WriteNumber("numReadonlyUnsignedAccounts", wire.ReadOnly.Unsigned);
            writer.WriteNumber("numRequiredSignatures", message.RequiredSignatures);
            writer.WriteEndObject();
        }
        writer.WriteStartArray("instructions");
        foreach (CompiledCall call in message.Instructions) WriteCall(writer, message.Keys, call, stackHeight: 1, parsed);
        writer.WriteEndArray();
        writer.WriteString("recentBlockhash", message.RecentBlockhash.Key);
        writer.WriteEndObject();
        WriteSignatures(writer, wire);
        writer.WriteEndObject();
    }

    private static void WriteParsedKey(Utf8JsonWriter writer, ExecutableMessage message, int index)
    {
        writer.WriteStartObject();
        writer.WriteString("pubkey", message.Keys[index].Key);
        writer.WriteBoolean("signer", message.IsSigner(index));
        writer.WriteString("source", "transaction");
        writer.WriteBoolean("writable", message.Writable[index]);
        writer.WriteEndObject();
    }

    private static void WriteSignatures(Utf8JsonWriter writer, WireTransaction wire)
    {
        writer.WriteStartArray("signatures");
        foreach (byte[] signature in wire.Signatures) writer.WriteStringValue(Base58.Bitcoin.Encode(signature));
        writer.WriteEndArray();
    }

    /// <summary>A call by index, or by address ("partially decoded") in the parsed form.</summary>
    private static void WriteCall(Utf8JsonWriter writer, PublicKey[] keys, CompiledCall call, int stackHeight, bool parsed)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("accounts");
        foreach (byte index in call.Accounts)
        {
            if (parsed) writer.WriteStringValue(keys[index].Key);
            else writer.WriteNumberValue(index);
        }
        writer.WriteEndArray();
        writer.WriteString("data", Base58.Bitcoin.Encode(call.Data));
        if (parsed) writer.WriteString("programId", keys[call.ProgramIndex].Key);
        else writer.WriteNumber("programIdIndex", call.ProgramIndex);
        writer.WriteNumber("stackHeight", stackHeight);
        writer.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, ulong[] numbers)
    {
        writer.WriteStartArray(name);
        foreach (ulong number in numbers) writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }

    private static void WriteTokens(Utf8JsonWriter writer, string name, IReadOnlyList<TokenHolding> holdings)
    {
        writer.WriteStartArray(name);
        foreach (TokenHolding holding in holdings)
        {
            writer.WriteStartObject();
            writer.WriteNumber("accountIndex", holding.AccountIndex);
            writer.WriteString("mint", holding.Mint.Key);
            writer.WriteString("owner", holding.Owner.Key);
            writer.WriteString("programId", WellKnownAddresses.TokenProgram.Key);
            writer.WritePropertyName("uiTokenAmount");
            TokenJson.WriteAmount(writer, holding.Amount, holding.Decimals);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
