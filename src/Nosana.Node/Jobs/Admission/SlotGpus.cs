using Nosana.Node.Engine.Containers;
using Nosana.Node.Gpus;

namespace Nosana.Node.Jobs.Admission;

/// <summary>The machine's GPUs as far as containers of its engine get them.</summary>
internal sealed class SlotGpus(GpuInventory machine, HardeningProfile profile) : ISlotGpus
{
    public GpuSlotSnapshot Read()
    {
        GpuSlotSnapshot gpus = GpuSlot.Every.View(machine.Read());
        return profile.GpuInjection == GpuInjection.None && gpus.Gpus.Count > 0 ? GpuSlotSnapshot.None(GpuInjections.WhyNone) : gpus;
    }
}
