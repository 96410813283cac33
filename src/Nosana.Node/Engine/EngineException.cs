namespace Nosana.Node.Engine;

/// <summary>The engine could not do what it was asked. The message says what, on which thing, and what to do.</summary>
internal sealed class EngineException(EngineFault fault, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public EngineFault Fault { get; } = fault;

    public FaultOwner Owner => EngineFaults.OwnerOf(Fault);
}
