namespace Nosana.Node.Engine.Containers;

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">Of its first process: 128 + n when signal n ended it.</param>
/// <param name="OomKilled">The kernel ended a process of it because its memory was used up.</param>
/// <param name="Error">What the engine says went wrong; null when nothing did.</param>
/// <param name="CommandError">Why the command itself could not be started; null when it was.</param>
/// <param name="StartedAt">Null when it never ran.</param>
/// <param name="FinishedAt">Null when the engine does not say.</param>
internal sealed record ContainerExit(
    long ExitCode, bool OomKilled, string? Error, string? CommandError, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);
