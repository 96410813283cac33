using System.Text.Json;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Rpc;

/// <summary>What simulateTransaction and a failed preflight have in common.</summary>
internal static class SimulationJson
{
    public static void WriteCommon(
        Utf8JsonWriter writer, TransactionResult result, (PublicKey Hash, ulong LastValidBlockHeight, ulong Slot)? replacement = null)
    {
        writer.WritePropertyName("err");
        ErrorJson.Write(writer, result.Error);
        writer.WriteNull("innerInstructions");
        writer.WriteNumber("loadedAccountsDataSize", 0);
        writer.WriteStartArray("logs");
        foreach (string line in result.Logs) writer.WriteStringValue(line);
        writer.WriteEndArray();
        if (replacement is { } blockhash)
        {
            writer.WriteStartObject("replacementBlockhash");
            writer.WriteString("blockhash", blockhash.Hash.Key);
            writer.WriteNumber("lastValidBlockHeight", blockhash.LastValidBlockHeight);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("replacementBlockhash");
        }
        writer.WritePropertyName("returnData");
        WriteReturnData(writer, result);
        writer.WriteNumber("unitsConsumed", result.UnitsConsumed);
    }

    public static void WriteReturnData(Utf8JsonWriter writer, TransactionResult result)
    {
        if (result.ReturnData is not { } returned)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        writer.WriteStartArray("data");
        writer.WriteBase64StringValue(returned.Data);
        writer.WriteStringValue("base64");
        writer.WriteEndArray();
        writer.WriteString("programId", returned.Program.Key);
        writer.WriteEndObject();
    }
}
