using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs;

/// <summary>One job to run, with everything the rooms above know of it.</summary>
internal sealed record JobRequest
{
    /// <summary>Job address; for a local run the flow id. Names containers, networks and endpoints.</summary>
    public required string Job { get; init; }

    /// <summary>Run address; for a local run the flow id.</summary>
    public required string Run { get; init; }

    /// <summary>The poster's project key.</summary>
    public required string Project { get; init; }

    /// <summary>This host's wallet.</summary>
    public required string Host { get; init; }

    public required Definition Definition { get; init; }

    public required FlowPlan Plan { get; init; }

    public required JobSlot Slot { get; init; }

    /// <summary>What the job was paid for when it began; null where it has no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The journaled state of a job that was running when the agent went away; null for a new one.</summary>
    public FlowState? Resume { get; init; }
}

/// <summary>What part of the machine a job may use.</summary>
/// <param name="Name">Label on what the job creates.</param>
/// <param name="GpuUuids">The slot's GPUs; empty for a slot without.</param>
internal sealed record JobSlot(string Name, IReadOnlyList<string> GpuUuids);
