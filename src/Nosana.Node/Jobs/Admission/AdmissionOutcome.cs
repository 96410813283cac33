namespace Nosana.Node.Jobs.Admission;

/// <summary>Whether a slot takes a job.</summary>
internal abstract record AdmissionOutcome
{
    private AdmissionOutcome()
    {
    }

    /// <summary>It does.</summary>
    /// <param name="Uuids">The GPUs that the job's containers may be given; empty for a job without any.</param>
    public sealed record Admitted(IReadOnlyList<string> Uuids) : AdmissionOutcome;

    /// <summary>It does not, and why.</summary>
    /// <param name="Cause">Which rule refused.</param>
    /// <param name="Reason">For a person: what was asked, what is free, on which GPUs.</param>
    /// <param name="Asked">For logs and counters, with its unit; empty where nothing is counted.</param>
    /// <param name="Free">In the same unit.</param>
    public sealed record Refused(AdmissionRule Cause, string Reason, string Asked, string Free) : AdmissionOutcome
    {
        /// <summary>The next job would be refused as well: the slot should leave its queue at once.</summary>
        public bool ConcernsHost => Cause == AdmissionRule.SickGpu;
    }
}

/// <summary>Which rule refused a job.</summary>
internal enum AdmissionRule
{
    /// <summary>The definition asks for what this host does not do yet.</summary>
    MissingSupport,

    /// <summary>The slot has no GPU.</summary>
    NoGpu,

    /// <summary>A GPU of the slot is missing or does not answer, or the driver is broken.</summary>
    SickGpu,

    /// <summary>The driver runs none of the CUDA versions asked for.</summary>
    Cuda,

    /// <summary>Not enough memory over the slot's GPUs together.</summary>
    VramTotal,

    /// <summary>No single GPU with enough memory.</summary>
    VramSingle,
}
