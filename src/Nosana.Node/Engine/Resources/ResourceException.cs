namespace Nosana.Node.Engine.Resources;

/// <summary>A remote resource could not be had. The message says which, from where, and what to do; it never holds credentials.</summary>
internal sealed class ResourceException(ResourceFault fault, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public ResourceFault Fault { get; } = fault;

    public FaultOwner Owner => Fault switch
    {
        ResourceFault.Invalid or ResourceFault.NotFound or ResourceFault.Denied => FaultOwner.Definition,
        ResourceFault.TooLarge or ResourceFault.NoSpace => FaultOwner.Host,
        _ => FaultOwner.Registry,
    };
}
