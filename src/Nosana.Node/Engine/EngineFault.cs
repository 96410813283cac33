namespace Nosana.Node.Engine;

/// <summary>Kinds of what goes wrong with an engine; see <see cref="EngineFaults.OwnerOf"/> for whose fault each is.</summary>
internal enum EngineFault
{
    /// <summary>None of the others; taken for the host's.</summary>
    Other,

    /// <summary>The registry answered and has no such image, or none for this machine's platform.</summary>
    ImageNotFound,

    /// <summary>The registry wants other credentials.</summary>
    ImageDenied,

    /// <summary>The reference of an image is not legal.</summary>
    InvalidReference,

    /// <summary>The image leads to addresses that are not public, or is not what its registry says it is.</summary>
    ImageRefused,

    /// <summary>The registry does not answer, or not properly.</summary>
    RegistryUnavailable,

    /// <summary>The program, its user or its working directory is not there or not usable.</summary>
    CommandCannotStart,

    /// <summary>The engine refuses the container as it is specified.</summary>
    InvalidContainer,

    /// <summary>The engine's disk is full.</summary>
    NoSpace,

    /// <summary>The engine does not answer.</summary>
    EngineDown,

    /// <summary>The engine cannot give the container the GPUs that it was asked for.</summary>
    GpuUnavailable,

    /// <summary>Another container has the name.</summary>
    NameTaken,

    /// <summary>Somebody removed the container.</summary>
    ContainerMissing,

    /// <summary>Somebody removed what a container is made of, and was there before: its image, its network.</summary>
    PartMissing,
}

/// <summary>Whose matter a fault is.</summary>
internal enum FaultOwner
{
    /// <summary>The job's definition: it would fail on every host.</summary>
    Definition,

    /// <summary>This machine: the job may run elsewhere.</summary>
    Host,

    /// <summary>A third party between: trying again may help.</summary>
    Registry,
}

/// <summary>Facts about <see cref="EngineFault"/>.</summary>
internal static class EngineFaults
{
    public static FaultOwner OwnerOf(EngineFault fault) => fault switch
    {
        EngineFault.ImageNotFound or EngineFault.ImageDenied or EngineFault.InvalidReference or EngineFault.ImageRefused
            or EngineFault.CommandCannotStart or EngineFault.InvalidContainer => FaultOwner.Definition,
        EngineFault.RegistryUnavailable => FaultOwner.Registry,
        _ => FaultOwner.Host,
    };
}

/// <summary>The engine could not do what it was asked. The message says what, on which thing, and what to do.</summary>
internal sealed class EngineException(EngineFault fault, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public EngineFault Fault { get; } = fault;

    public FaultOwner Owner => EngineFaults.OwnerOf(Fault);
}
