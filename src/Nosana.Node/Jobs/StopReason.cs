namespace Nosana.Node.Jobs;

/// <summary>Why a job is ended before its operations have.</summary>
internal enum StopReason
{
    /// <summary>Its time is up, or its owner stopped it through the node: the seconds used are paid, the flow is a success.</summary>
    Expired,

    /// <summary>The poster ended it on chain, or a person pressed Ctrl-C under <c>run</c>.</summary>
    Stopped,

    /// <summary>The operator forces the host down.</summary>
    HostShutDown,
}
