namespace Nosana.Node.Engine.Containers;

/// <summary>How the engine is asked for GPUs.</summary>
internal enum GpuInjection
{
    /// <summary>The engine's NVIDIA hook (<c>--gpus</c>).</summary>
    DeviceRequest,

    /// <summary>Container Device Interface names, for engines that have it.</summary>
    Cdi,

    /// <summary>Not at all: the engine takes the request, starts the container and gives it no GPU.</summary>
    None,
}

internal static class GpuInjections
{
    /// <summary>Why <see cref="GpuInjection.None"/>, and what to do.</summary>
    public const string WhyNone = "Podman before version 5 takes requests for GPUs and gives none: install Podman 5 or Docker Engine";
}
