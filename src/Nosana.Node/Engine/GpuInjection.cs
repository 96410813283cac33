namespace Nosana.Node.Engine;

/// <summary>How the engine is asked for GPUs.</summary>
internal enum GpuInjection
{
    /// <summary>The engine's NVIDIA hook (<c>--gpus</c>).</summary>
    DeviceRequest,

    /// <summary>Container Device Interface names, for engines that have it.</summary>
    Cdi,
}
