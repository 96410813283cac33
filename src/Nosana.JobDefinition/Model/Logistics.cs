
namespace Nosana.JobDefinition.Model;

/// <summary>How a confidential job's definition comes in and its result goes out; either may be absent.</summary>
/// <param name="Send">Definition in.</param>
/// <param name="Receive">Result out.</param>
public sealed record Logistics(LogisticsRoute? Send, LogisticsRoute? Receive);

/// <summary>One direction.</summary>
/// <param name="Type"><c>api</c> (this host calls) or <c>api-listen</c> (this host waits to be called).</param>
/// <param name="Endpoint">URL for <c>api</c>, in which the first <c>%%global.job%%</c> stands for the job's address; null when absent.</param>
public sealed record LogisticsRoute(LogisticsType Type, string? Endpoint)
{
    /// <summary>The endpoint for that job, or null.</summary>
    public string? EndpointFor(string job)
    {
        const string Literal = "%%global.job%%";
        if (Endpoint is null) return null;
        int at = Endpoint.IndexOf(Literal, StringComparison.Ordinal);
        return at < 0 ? Endpoint : string.Concat(Endpoint.AsSpan(0, at), job, Endpoint.AsSpan(at + Literal.Length));
    }
}

/// <summary>Who opens the connection.</summary>
public enum LogisticsType
{
    /// <summary>This host calls an endpoint.</summary>
    Api,

    /// <summary>This host waits to be called.</summary>
    ApiListen,
}
