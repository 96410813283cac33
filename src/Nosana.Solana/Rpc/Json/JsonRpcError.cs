using System.Text.Json;

namespace Nosana.Solana.Rpc.Json;

/// <summary>The error of a JSON-RPC answer; its data has many shapes.</summary>
internal sealed class JsonRpcError
{
    public int Code { get; set; }

    public string? Message { get; set; }

    public JsonElement Data { get; set; }

    public RpcException ToException(string method)
    {
        RpcErrorData? data = null;
        if (Data.ValueKind == JsonValueKind.Object)
        {
            try
            {
                data = Data.Deserialize(RpcJsonContext.Default.RpcErrorData);
            }
            catch (JsonException)
            {
                // Providers add objects of their own here; the raw text stays available.
            }
        }
        return new RpcException(
            method, Code, Message ?? "no message", data, Data.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : Data.GetRawText());
    }
}
