namespace Nosana.Node.HostManager;

/// <summary>Why a call of the host manager brought nothing.</summary>
internal enum HostManagerFault
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>No answer within the time limit.</summary>
    Silent,

    /// <summary>An error status, or an error object.</summary>
    Refused,

    /// <summary>An answer that is none: no JSON, the wrong types, too long.</summary>
    Nonsense,
}

/// <summary>A call of the host manager failed; the message says which and why. None of these keeps a host with a market from working.</summary>
internal sealed class HostManagerException(HostManagerFault fault, string call, string problem, Exception? inner = null)
    : Exception($"Host manager, {call}: {problem}", inner)
{
    public HostManagerFault Fault { get; } = fault;

    /// <summary>What the service itself said, or what is wrong with its answer.</summary>
    public string Problem { get; } = problem;
}
