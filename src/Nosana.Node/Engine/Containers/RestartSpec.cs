namespace Nosana.Node.Engine.Containers;

/// <summary>Whether the engine starts an ended container again; it waits 100 ms first, and twice as long each time, up to a minute.</summary>
/// <param name="Policy"><c>no</c>, <c>always</c>, <c>unless-stopped</c> or <c>on-failure</c>.</param>
/// <param name="Tries">Most restarts of <c>on-failure</c>; null or 0 is no limit.</param>
internal sealed record RestartSpec(string Policy, int? Tries = null);
