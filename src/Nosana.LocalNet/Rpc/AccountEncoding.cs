using System.Text.Json;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;
using SimpleBase;

namespace Nosana.LocalNet.Rpc;

/// <summary>How a caller wants account data: the encoding and which slice of it.</summary>
internal sealed record AccountEncoding
{
    private const int MaxBase58Bytes = 128;

    private const string Zstd = "base64+zstd";

    private AccountEncoding(string? name, (ulong Offset, ulong Length)? slice)
    {
        Name = name;
        Slice = slice;
    }

    /// <summary><c>base58</c>, <c>base64</c>, <c>base64+zstd</c> or <c>jsonParsed</c>; null is the oldest form, a bare base58 string.</summary>
    public string? Name { get; }

    public (ulong Offset, ulong Length)? Slice { get; }

    public static AccountEncoding Read(RpcOptions options, string? whenAbsent = null)
    {
        string? name = options.Text("encoding") ?? whenAbsent;
        switch (name)
        {
            case null or "binary":
                name = null;
                break;
            case "base58" or "base64" or Zstd or "jsonParsed":
                break;
            default:
                throw new RpcError(
                    RpcError.InvalidParameters,
                    $"Invalid params: unknown variant `{name}`, expected one of `binary`, `base58`, `base64`, `jsonParsed`, `base64+zstd`.");
        }
        RpcOptions slice = options.Object("dataSlice");
        return new AccountEncoding(name, options.Has("dataSlice")
            ? (
                slice.Number("offset") ?? throw RpcError.Parameter("dataSlice without offset"),
                slice.Number("length") ?? throw RpcError.Parameter("dataSlice without length"))
            : null);
    }

    /// <summary>Writes an account as an object, or null.</summary>
    /// <param name="decimalsOf">Decimals of a mint, for parsed token accounts.</param>
    public void Write(Utf8JsonWriter writer, AccountState? account, Func<PublicKey, AccountState?> decimalsOf)
    {
        if (account is null)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        writer.WritePropertyName("data");
        WriteData(writer, account, decimalsOf);
        writer.WriteBoolean("executable", account.Executable);
        writer.WriteNumber("lamports", account.Lamports);
        writer.WriteString("owner", account.Owner.Key);
        writer.WriteNumber("rentEpoch", ulong.MaxValue);
        writer.WriteNumber("space", account.Data.Length);
        writer.WriteEndObject();
    }

    private void WriteData(Utf8JsonWriter writer, AccountState account, Func<PublicKey, AccountState?> decimalsOf)
    {
        if (Name == "jsonParsed" && account.Owner == WellKnownAddresses.TokenProgram && TokenJson.TryWrite(writer, account, decimalsOf)) return;
        ReadOnlySpan<byte> data = Cut(account.Data.Span);
        if (Name is null or "base58")
        {
            if (data.Length > MaxBase58Bytes)
                throw new RpcError(RpcError.InvalidRequest, "Encoded binary (base 58) data should be less than 128 bytes, please use Base64 encoding.");
            string text = Base58.Bitcoin.Encode(data);
            if (Name is null)
            {
                writer.WriteStringValue(text);
                return;
            }
            writer.WriteStartArray();
            writer.WriteStringValue(text);
            writer.WriteStringValue("base58");
            writer.WriteEndArray();
            return;
        }
        writer.WriteStartArray();
        writer.WriteBase64StringValue(Name == Zstd ? ZstdFrame.Store(data) : data);
        writer.WriteStringValue(Name == Zstd ? Zstd : "base64");
        writer.WriteEndArray();
    }

    private ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> data)
    {
        if (Slice is not { } slice) return data;
        if (slice.Offset >= (ulong)data.Length) return [];
        data = data[(int)slice.Offset..];
        return slice.Length >= (ulong)data.Length ? data : data[..(int)slice.Length];
    }
}
