namespace Nosana.Node.Gpus;

/// <summary>The GPUs that jobs of a slot get.</summary>
internal interface ISlotGpus
{
    /// <summary>A fresh look.</summary>
    GpuSlotSnapshot Read();
}
