using System.Text.Json.Nodes;

namespace Nosana.Node.Engine.Containers;

/// <summary>A container as the engine describes it at one moment.</summary>
/// <param name="Id">Full id.</param>
/// <param name="Name">Without the leading slash.</param>
/// <param name="Status"><c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.</param>
/// <param name="IPAddress">On the job's network; null while it does not run.</param>
/// <param name="ImageId">Id of the image that it was made from.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Exit">How it ended; null while it runs or has not started.</param>
/// <param name="State">The engine's own state object, and its restart count, for diagnostics.</param>
internal sealed record ContainerSnapshot(
    string Id, string Name, string Status, string? IPAddress, string ImageId,
    IReadOnlyDictionary<string, string> Labels, ContainerExit? Exit, JsonObject State)
{
    /// <summary>When it was started last; null when it never was.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Running, or about to be again under its restart policy.</summary>
    public bool IsAlive => Status is "running" or "restarting" or "paused";
}

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">Of its first process: 128 + n when signal n ended it.</param>
/// <param name="OomKilled">The kernel ended a process of it because its memory was used up.</param>
/// <param name="Error">What the engine says went wrong; null when nothing did.</param>
/// <param name="CommandError">Why the command itself could not be started; null when it was.</param>
/// <param name="StartedAt">Null when it never ran.</param>
/// <param name="FinishedAt">Null when the engine does not say.</param>
internal sealed record ContainerExit(
    long ExitCode, bool OomKilled, string? Error, string? CommandError, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);
