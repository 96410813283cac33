using System.Text.Json;

namespace Nosana.LocalNet.Rpc;

/// <summary>A call's options object.</summary>
internal readonly struct RpcOptions(JsonElement element)
{
    private readonly JsonElement _element = element;

    public JsonElement this[string name] =>
        _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : default;

    public string? Text(string name) => this[name] switch
    {
        { ValueKind: JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw RpcError.Parameter($"{name} is not a string"),
    };

    public bool Flag(string name) => this[name].ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Undefined => false,
        _ => throw RpcError.Parameter($"{name} is not a boolean"),
    };

    public ulong? Number(string name) => this[name] switch
    {
        { ValueKind: JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetUInt64(out ulong value) => value,
        _ => throw RpcError.Parameter($"{name} is not a whole number"),
    };

    public RpcOptions Object(string name) => new(this[name]);

    public bool Has(string name) => this[name].ValueKind != JsonValueKind.Undefined;
}
