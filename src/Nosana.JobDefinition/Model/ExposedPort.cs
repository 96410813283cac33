namespace Nosana.JobDefinition.Model;

/// <summary>One port to expose.</summary>
/// <param name="Port">1 to 65535.</param>
/// <param name="Type">Informational only: <c>web</c>, <c>api</c>, <c>webapi</c>, <c>websocket</c>, <c>none</c>.</param>
/// <param name="HealthChecks">All must pass (AND), in this order; empty when none.</param>
public sealed record ExposedPort(int Port, string Type, IReadOnlyList<HealthCheck> HealthChecks);

/// <summary>A probe of an exposed port.</summary>
/// <param name="Continuous">Go on after the first success.</param>
public abstract record HealthCheck(bool Continuous)
{
    /// <summary>The container is restarted when the check fails after it had passed; only a continuous one can.</summary>
    public bool RestartsOnFailure { get; init; }

    /// <summary>Restarts of the operation after which this check starts none any more; null for no limit.</summary>
    public double? MaxRestarts { get; init; }
}

/// <summary>An HTTP request whose status must equal <paramref name="ExpectedStatus"/> exactly.</summary>
/// <param name="Path">As written, with its query; need not start with a slash.</param>
/// <param name="Method"><c>GET</c>, <c>POST</c>, <c>PUT</c> or <c>DELETE</c>.</param>
/// <param name="ExpectedStatus">Status code, exactly; as written, so it may be one that no server sends.</param>
/// <param name="Headers">Request headers.</param>
/// <param name="Body">Text for POST and PUT (a JSON value that is not a text is serialized); null when absent.</param>
/// <param name="Continuous">Go on after the first success.</param>
public sealed record HttpHealthCheck(
    string Path,
    string Method,
    double ExpectedStatus,
    IReadOnlyDictionary<string, string> Headers,
    string? Body,
    bool Continuous) : HealthCheck(Continuous);

/// <summary>A WebSocket whose handshake or first message must contain a text.</summary>
/// <param name="ExpectedResponse">Text to find.</param>
/// <param name="Continuous">Go on after the first success.</param>
public sealed record WebSocketHealthCheck(string ExpectedResponse, bool Continuous) : HealthCheck(Continuous);
