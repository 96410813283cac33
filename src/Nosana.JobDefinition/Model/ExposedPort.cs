namespace Nosana.JobDefinition.Model;

/// <summary>One port to expose.</summary>
/// <param name="Port">1 to 65535.</param>
/// <param name="Type">Informational only: <c>web</c>, <c>api</c>, <c>webapi</c>, <c>websocket</c>, <c>none</c>.</param>
/// <param name="HealthChecks">All must pass (AND), in this order; empty when none.</param>
public sealed record ExposedPort(int Port, string Type, IReadOnlyList<HealthCheck> HealthChecks);
