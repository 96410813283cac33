using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs;

/// <summary>How a job ended here.</summary>
/// <param name="State">The whole result, logs included.</param>
/// <param name="HostFault">
/// Set when this host failed before any container had started: nobody shall pay for nothing, the run is to be given back.
/// </param>
internal sealed record JobOutcome(FlowState State, string? HostFault);
