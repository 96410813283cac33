using System.Text.Json;
using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Rpc.Json;

/// <summary>Writes requests and the parameters that many of them share.</summary>
internal static class JsonRpcRequest
{
    public static void Write(Utf8JsonWriter writer, long id, string method, Action<Utf8JsonWriter> writeParams)
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        writer.WriteNumber("id"u8, id);
        writer.WriteString("method"u8, method);
        writer.WriteStartArray("params"u8);
        writeParams(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteCommitment(Utf8JsonWriter writer, Commitment commitment) =>
        writer.WriteString("commitment"u8, CommitmentConverter.NameOf(commitment));

    /// <summary>The configuration object of reads that return no account data.</summary>
    public static void WriteConfig(Utf8JsonWriter writer, Commitment commitment, ulong? minContextSlot = null)
    {
        writer.WriteStartObject();
        WriteCommitment(writer, commitment);
        if (minContextSlot is { } slot) writer.WriteNumber("minContextSlot"u8, slot);
        writer.WriteEndObject();
    }

    /// <summary>The configuration object of reads that return account data.</summary>
    public static void WriteAccountConfig(
        Utf8JsonWriter writer, Commitment commitment, DataSlice? slice = null, IReadOnlyList<AccountFilter>? filters = null, bool withContext = false,
        ulong? minContextSlot = null)
    {
        writer.WriteStartObject();
        writer.WriteString("encoding"u8, "base64"u8);
        WriteCommitment(writer, commitment);
        if (minContextSlot is { } slot) writer.WriteNumber("minContextSlot"u8, slot);
        if (withContext) writer.WriteBoolean("withContext"u8, true);
        if (slice is { } part)
        {
            writer.WriteStartObject("dataSlice"u8);
            writer.WriteNumber("offset"u8, part.Offset);
            writer.WriteNumber("length"u8, part.Length);
            writer.WriteEndObject();
        }
        if (filters is { Count: > 0 }) WriteFilters(writer, filters);
        writer.WriteEndObject();
    }

    private static void WriteFilters(Utf8JsonWriter writer, IReadOnlyList<AccountFilter> filters)
    {
        writer.WriteStartArray("filters"u8);
        foreach (AccountFilter filter in filters)
        {
            writer.WriteStartObject();
            switch (filter)
            {
                case AccountFilter.MemCmpFilter memCmp:
                    writer.WriteStartObject("memcmp"u8);
                    writer.WriteNumber("offset"u8, memCmp.Offset);
                    writer.WriteString("bytes"u8, memCmp.Bytes);
                    writer.WriteString("encoding"u8, "base58"u8);
                    writer.WriteEndObject();
                    break;
                case AccountFilter.DataSizeFilter dataSize:
                    writer.WriteNumber("dataSize"u8, dataSize.Length);
                    break;
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
