namespace Nosana.Node.Exposure;

/// <param name="Passed">As expected.</param>
/// <param name="Detail">For a person: what was asked and what came.</param>
internal readonly record struct ProbeResult(bool Passed, string Detail);
