namespace Nosana.Node.Jobs.Ops;

/// <summary>Why one operation is stopped.</summary>
internal enum OpStop
{
    /// <summary>The whole job ends: its time is up.</summary>
    JobExpired,

    /// <summary>The whole job ends: its poster stopped it.</summary>
    JobStopped,

    /// <summary>The operator forces the host down.</summary>
    HostShutDown,

    /// <summary>The owner stopped this operation, or one it depends on ended.</summary>
    Requested,

    /// <summary>The owner restarts this operation.</summary>
    Restart,

    /// <summary>It ran longer than its <c>execution.timeout</c>.</summary>
    Timeout,

    /// <summary>It filled its disk budget.</summary>
    DiskFull,
}
