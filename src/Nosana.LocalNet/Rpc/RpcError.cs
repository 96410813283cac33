using System.Text.Json;

namespace Nosana.LocalNet.Rpc;

/// <summary>An error answer of JSON-RPC, with the codes and words of a Solana node.</summary>
internal sealed class RpcError(int code, string message, Action<Utf8JsonWriter>? data = null) : Exception(message)
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParameters = -32602;
    public const int InternalError = -32603;
    public const int PreflightFailure = -32002;
    public const int SignatureVerificationFailure = -32003;
    public const int NodeUnhealthy = -32005;
    public const int ExcludedFromIndex = -32010;
    public const int UnsupportedTransactionVersion = -32015;
    public const int MinContextSlotNotReached = -32016;

    public int Code { get; } = code;

    /// <summary>Writes the error's <c>data</c> value, if it has one.</summary>
    public Action<Utf8JsonWriter>? WriteErrorData { get; } = data;

    public static RpcError Parameter(string what) => new(InvalidParameters, $"Invalid param: {what}");

    public static RpcError Missing(string what) => new(InvalidParameters, $"`params` should have {what}");
}
