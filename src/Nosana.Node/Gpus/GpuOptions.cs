using Nosana.Gpu;

namespace Nosana.Node.Gpus;

internal sealed class GpuOptions
{
    /// <summary>The management library: a name for the loader's search path, or a path.</summary>
    public string NvmlLibrary { get; set; } = Nvml.DefaultLibrary;
}
