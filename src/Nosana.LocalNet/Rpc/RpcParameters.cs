using System.Text.Json;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Rpc;

/// <summary>The positional parameters of a call, and the options object that most methods take last.</summary>
internal readonly struct RpcParameters(JsonElement parameters)
{
    private readonly JsonElement _parameters = parameters;

    public int Count => _parameters.ValueKind == JsonValueKind.Array ? _parameters.GetArrayLength() : 0;

    /// <summary>A parameter, or an undefined element when it was not given or is null.</summary>
    public JsonElement At(int index)
    {
        JsonElement element = index < Count ? _parameters[index] : default;
        return element.ValueKind == JsonValueKind.Null ? default : element;
    }

    public string Text(int index) =>
        At(index) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw RpcError.Missing($"a string as element {index}");

    public ulong Number(int index) => At(index) is { ValueKind: JsonValueKind.Number } number && number.TryGetUInt64(out ulong value)
        ? value
        : throw RpcError.Missing($"a whole number as element {index}");

    public PublicKey Key(int index) => ParseKey(Text(index));

    public IReadOnlyList<string> Texts(int index)
    {
        JsonElement list = At(index);
        if (list.ValueKind != JsonValueKind.Array) throw RpcError.Missing($"a list of strings as element {index}");
        return [.. list.EnumerateArray().Select(
            item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw RpcError.Missing("strings only in its list"))];
    }

    /// <summary>The options at <paramref name="index"/>; empty when there are none.</summary>
    public RpcOptions Options(int index)
    {
        JsonElement options = At(index);
        if (options.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object)) throw RpcError.Missing($"an object as element {index}");
        return new RpcOptions(options);
    }

    public static PublicKey ParseKey(string text)
    {
        if (PublicKey.TryParse(text, out PublicKey key)) return key;
        bool base58 = !text.AsSpan().ContainsAnyExceptInRange('!', '~') && SimpleBase.Base58.Bitcoin.TryDecode(text, new byte[text.Length + 8], out _);
        throw RpcError.Parameter(base58 ? "WrongSize" : "Invalid");
    }
}
