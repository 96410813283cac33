using System.Text.Json.Serialization;
using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Rpc;

/// <summary>A node's definite answer that a request cannot be served.</summary>
public sealed class RpcException(string method, int code, string rpcMessage, RpcErrorData? errorData = null, string? rawErrorData = null)
    : Exception($"Solana RPC {method}: {rpcMessage} (code {code}){Describe(errorData)}")
{
    /// <summary>A sent transaction failed its simulation; <see cref="TransactionError"/> and <see cref="Logs"/> say how.</summary>
    public const int SendTransactionPreflightFailure = -32002;

    /// <summary>The node is behind the cluster.</summary>
    public const int NodeUnhealthy = -32005;

    /// <summary>The node does not look accounts up by this program or filter.</summary>
    public const int ExcludedFromIndex = -32010;

    /// <summary>The node has not reached the slot that the request asks for.</summary>
    public const int MinContextSlotNotReached = -32016;

    /// <summary>The node does not serve this method.</summary>
    public const int MethodNotFound = -32601;

    /// <summary>What some providers answer, as HTTP 200, where others use the HTTP status.</summary>
    public const int TooManyRequests = 429;

    public const int InvalidParams = -32602;

    public string Method { get; } = method;

    public int Code { get; } = code;

    /// <summary>The node's own text.</summary>
    public string RpcMessage { get; } = rpcMessage;

    public RpcErrorData? ErrorData { get; } = errorData;

    /// <summary>The JSON of the error's data as received; null when there was none.</summary>
    public string? RawErrorData { get; } = rawErrorData;

    public TransactionError? TransactionError => ErrorData?.Error;

    /// <summary>The programs' log lines; empty when the node gave none.</summary>
    public IReadOnlyList<string> Logs => ErrorData?.Logs ?? [];

    /// <summary>The state of the node, not of the request: another node or a later attempt may answer. The request had no effect.</summary>
    public bool IsTransient => Code is NodeUnhealthy or MinContextSlotNotReached or TooManyRequests;

    /// <summary>This node will not serve the request, now or later; another may. The request had no effect.</summary>
    /// <remarks>
    /// Providers answer what their plan leaves out with codes of their own or with general ones (-32600, -32000, -32052), so that only their words tell it
    /// from a fault of the request.
    /// </remarks>
    public bool IsRefusal => Code is ExcludedFromIndex or MethodNotFound or 401 or 402 or 403 or 410 or -32401 or -32403 or -32052
        || (Code is -32600 or -32000 or -32001 && RefusingWords.Any(word => RpcMessage.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static readonly string[] RefusingWords =
        ["your plan", " tier", "upgrade", "api key", "unauthorized", "forbidden", "not allowed", "not available", "not supported", "disabled"];

    private static string Describe(RpcErrorData? data) => data switch
    {
        { Error: { } error } => $": {error}",
        { NumSlotsBehind: { } slots } => $": {slots} slots behind",
        _ => string.Empty,
    };
}

/// <summary>What a node adds to an error: the outcome of a preflight simulation, or how far it is behind.</summary>
public sealed record RpcErrorData(
    [property: JsonPropertyName("err")] TransactionError? Error = null,
    IReadOnlyList<string>? Logs = null,
    ulong? UnitsConsumed = null,
    ulong? NumSlotsBehind = null);

/// <summary>No node answered within the attempts and the time allowed. Nothing is known about the request's effect.</summary>
public sealed class RpcUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Nodes answered, but none had reached the slot that was asked for.</summary>
    public bool IsBehind { get; init; }
}
