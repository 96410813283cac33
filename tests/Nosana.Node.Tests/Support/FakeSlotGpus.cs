using Nosana.Node.Gpus;

namespace Nosana.Node.Tests.Support;

internal sealed class FakeSlotGpus(Func<GpuSlotSnapshot> read) : ISlotGpus
{
    public GpuSlotSnapshot Read() => read();
}
