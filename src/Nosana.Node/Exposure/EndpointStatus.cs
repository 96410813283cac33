namespace Nosana.Node.Exposure;

/// <summary>What probes say about an exposed port; the words of the flow state are these in capitals.</summary>
internal enum EndpointStatus
{
    /// <summary>The port has no probes.</summary>
    Unknown,

    /// <summary>Has not passed its probes yet, or failed a continuous one.</summary>
    Offline,

    Online,
}
