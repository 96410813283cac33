namespace Nosana.Node.Jobs.Admission;

internal enum GpuRefusalCause
{
    /// <summary>The slot has no GPU.</summary>
    NoGpu,

    /// <summary>A GPU of the slot is missing or does not answer, or the driver is broken.</summary>
    SickGpu,

    /// <summary>The driver runs none of the CUDA versions asked for.</summary>
    Cuda,

    /// <summary>Not enough memory over the slot's GPUs together.</summary>
    VramTotal,

    /// <summary>No single GPU with enough memory.</summary>
    VramSingle,
}
