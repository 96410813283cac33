namespace Nosana.Node.Jobs.Admission;

/// <summary>Whether a slot takes a job.</summary>
internal abstract record GpuAdmissionOutcome
{
    private GpuAdmissionOutcome()
    {
    }

    /// <param name="Uuids">The GPUs that the job's containers may be given; empty for a job without any.</param>
    public sealed record Admitted(IReadOnlyList<string> Uuids) : GpuAdmissionOutcome;

    /// <param name="Cause">Which rule refused.</param>
    /// <param name="Reason">For a person: what was asked, what is free, on which GPUs.</param>
    /// <param name="Asked">For logs and counters, with its unit.</param>
    /// <param name="Free">In the same unit.</param>
    public sealed record Refused(GpuRefusalCause Cause, string Reason, string Asked, string Free) : GpuAdmissionOutcome
    {
        /// <summary>The next job would be refused as well: the slot should leave its queue at once.</summary>
        public bool ConcernsHost => Cause == GpuRefusalCause.SickGpu;
    }
}
