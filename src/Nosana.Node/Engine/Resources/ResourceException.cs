namespace Nosana.Node.Engine.Resources;

/// <summary>A remote resource could not be had. The message says which, from where, and what to do; it never holds credentials.</summary>
internal sealed class ResourceException(ResourceFault fault, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public ResourceFault Fault { get; } = fault;

    /// <summary>What a definition's own sources do is the definition's matter, and what they do not do until it is known that this host hears others.</summary>
    public FaultOwner Owner => Fault switch
    {
        ResourceFault.NoSpace => FaultOwner.Host,
        ResourceFault.Unavailable => FaultOwner.Registry,
        _ => FaultOwner.Definition,
    };
}
