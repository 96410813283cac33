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
    public const int BlockCleanedUp = -32001;
    public const int PreflightFailure = -32002;
    public const int SignatureVerificationFailure = -32003;
    public const int BlockNotAvailable = -32004;
    public const int NodeUnhealthy = -32005;
    public const int ExcludedFromIndex = -32010;
    public const int UnsupportedTransactionVersion = -32015;
    public const int MinContextSlotNotReached = -32016;

    public int Code { get; } = code;

    /// <summary>Writes the error's <c>data</c> value, if it has one.</summary>
    public Action<Utf8JsonWriter>? WriteErrorData { get; } = data;

    public static RpcError Parameter(string what) => new(InvalidParameters, $"Invalid param: {what}");

    public static RpcError NoBlock(ulong slot) => new(BlockNotAvailable, $"Block not available for slot {slot}");

    public static RpcError UnsupportedVersion(int version) => new(UnsupportedTransactionVersion,
        $"Transaction version ({version}) is not supported by the requesting client. " +
        $"Please try the request again with the following configuration parameter: \"maxSupportedTransactionVersion\": {version}");

    public static RpcError UnknownVariant(string given, params IEnumerable<string> known) => new(InvalidParameters,
        $"Invalid params: unknown variant `{given}`, expected one of {string.Join(", ", known.Select(name => $"`{name}`"))}.");

    public static RpcError Missing(string what) => new(InvalidParameters, $"`params` should have {what}");
}
