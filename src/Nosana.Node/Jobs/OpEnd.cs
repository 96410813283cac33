namespace Nosana.Node.Jobs;

/// <summary>How an operation's runner came to its end.</summary>
/// <param name="HostFault">Set when this host failed it before its container had started.</param>
internal sealed record OpEnd(bool WasReady, string? HostFault)
{
    public static OpEnd Normal(bool wasReady) => new(wasReady, null);
}
