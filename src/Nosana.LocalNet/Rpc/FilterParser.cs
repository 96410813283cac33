using System.Text.Json;
using Nosana.LocalNet.Runtime;
using SimpleBase;

namespace Nosana.LocalNet.Rpc;

/// <summary>Reads the filters of getProgramAccounts and programSubscribe.</summary>
internal static class FilterParser
{
    private const int MaxFilters = 4;
    private const int MaxMemcmpBytes = 128;

    public static IReadOnlyList<AccountFilter> Read(RpcOptions options)
    {
        JsonElement filters = options["filters"];
        if (filters.ValueKind == JsonValueKind.Undefined) return [];
        if (filters.ValueKind != JsonValueKind.Array) throw RpcError.Parameter("filters is not a list");
        if (filters.GetArrayLength() > MaxFilters) throw new RpcError(RpcError.InvalidParameters, $"Too many filters provided; max {MaxFilters}");
        return [.. filters.EnumerateArray().Select(ReadFilter)];
    }

    private static AccountFilter ReadFilter(JsonElement element)
    {
        var filter = new RpcOptions(element);
        if (filter.Number("dataSize") is { } size) return AccountFilter.Size(size);
        if (!filter.Has("memcmp")) throw RpcError.Parameter("a filter is neither dataSize nor memcmp");
        RpcOptions memcmp = filter.Object("memcmp");
        ulong offset = memcmp.Number("offset") ?? throw RpcError.Parameter("memcmp without offset");
        string text = memcmp.Text("bytes") ?? throw RpcError.Parameter("memcmp without bytes");
        byte[] bytes = memcmp.Text("encoding") switch
        {
            null or "base58" or "binary" => FromBase58(text),
            "base64" => FromBase64(text),
            string other => throw RpcError.Parameter($"memcmp encoding {other}"),
        };
        if (bytes.Length > MaxMemcmpBytes) throw RpcError.Parameter("DataTooLarge");
        return AccountFilter.Memcmp(offset, bytes);
    }

    private static byte[] FromBase58(string text)
    {
        try
        {
            return Base58.Bitcoin.Decode(text);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException) // at what is not ASCII
        {
            throw RpcError.Parameter("Base58DecodeError");
        }
    }

    private static byte[] FromBase64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw RpcError.Parameter("Base64DecodeError");
        }
    }
}
