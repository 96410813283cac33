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
public sealed class RpcUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
