using System.Text.Json;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;
using SimpleBase;

namespace Nosana.LocalNet.Rpc;

/// <summary>A landed transaction as getTransaction answers it.</summary>
internal static class TransactionJson
{
    public static void Write(Utf8JsonWriter writer, LandedTransaction transaction, string encoding, bool withVersion)
    {
        TransactionResult result = transaction.Result;
        bool parsed = encoding == "jsonParsed";
        writer.WriteStartObject();
        writer.WriteNumber("blockTime", result.Clock.UnixTimestamp);
        writer.WritePropertyName("meta");
        WriteMeta(writer, transaction, parsed);
        writer.WriteNumber("slot", result.Clock.Slot);
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
                throw new RpcError(RpcError.InvalidParameters, $"Invalid params: unknown variant `{encoding}`, expected one of `base64`, `base58`, `json`, `jsonParsed`.");
        }
        if (withVersion)
        {
            if (transaction.Wire.Version is { } version) writer.WriteNumber("version", version);
            else writer.WriteString("version", "legacy");
        }
        writer.WriteEndObject();
    }

    private static void WriteMeta(Utf8JsonWriter writer, LandedTransaction transaction, bool parsed)
    {
        TransactionResult result = transaction.Result;
        writer.WriteStartObject();
        writer.WriteNumber("computeUnitsConsumed", result.UnitsConsumed);
        writer.WritePropertyName("err");
        ErrorJson.Write(writer, result.Error);
        writer.WriteNumber("fee", result.Fee);
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
        WriteNumbers(writer, "postBalances", result.PostBalances);
        WriteTokens(writer, "postTokenBalances", result.PostTokens);
        WriteNumbers(writer, "preBalances", result.PreBalances);
        WriteTokens(writer, "preTokenBalances", result.PreTokens);
        if (result.ReturnData is not null)
        {
            writer.WritePropertyName("returnData");
            SimulationJson.WriteReturnData(writer, result);
        }
        writer.WriteStartArray("rewards");
        writer.WriteEndArray();
        writer.WritePropertyName("status");
        ErrorJson.WriteStatus(writer, result.Error);
        writer.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter writer, WireTransaction wire, bool parsed)
    {
        ExecutableMessage message = wire.Message;
        writer.WriteStartObject();
        writer.WriteStartObject("message");
        writer.WriteStartArray("accountKeys");
        for (int i = 0; i < message.Keys.Length; i++)
        {
            if (!parsed)
            {
                writer.WriteStringValue(message.Keys[i].Key);
                continue;
            }
            writer.WriteStartObject();
            writer.WriteString("pubkey", message.Keys[i].Key);
            writer.WriteBoolean("signer", message.IsSigner(i));
            writer.WriteString("source", "transaction");
            writer.WriteBoolean("writable", message.Writable[i]);
            writer.WriteEndObject();
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
        writer.WriteStartArray("signatures");
        foreach (byte[] signature in wire.Signatures) writer.WriteStringValue(Base58.Bitcoin.Encode(signature));
        writer.WriteEndArray();
        writer.WriteEndObject();
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
