namespace Nosana.Benchmarks.Output;

/// <summary>What one follower of a container's output got.</summary>
internal sealed record Following(TimeSpan Time, long Lines, string Sha256);
