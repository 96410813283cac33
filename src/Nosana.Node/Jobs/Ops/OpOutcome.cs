namespace Nosana.Node.Jobs.Ops;

/// <summary>How an operation's runner came to its end.</summary>
/// <param name="HostFault">Set when this host failed it before its container had started.</param>
internal sealed record OpOutcome(bool WasReady, string? HostFault)
{
    public static OpOutcome Normal(bool wasReady) => new(wasReady, null);
}
