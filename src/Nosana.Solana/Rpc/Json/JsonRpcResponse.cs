using System.Text.Json;

namespace Nosana.Solana.Rpc.Json;

/// <summary>A JSON-RPC answer. A result of null is an answer; a result that is absent is none.</summary>
internal sealed class JsonRpcResponse<T>
{
    public T? Result
    {
        get;
        set
        {
            field = value;
            HasResult = true;
        }
    }

    public JsonRpcError? Error { get; set; }

    public JsonElement Id { get; set; }

    internal bool HasResult { get; private set; }
}
