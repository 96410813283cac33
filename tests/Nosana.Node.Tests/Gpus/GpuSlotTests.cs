using Nosana.Node.Gpus;

namespace Nosana.Node.Tests.Gpus;

public sealed class GpuSlotTests
{
    private static readonly GpuSnapshot Machine = new()
    {
        Gpus = [new GpuDevice(0, "GPU-a", "Card", 8192, 8000), new GpuDevice(1, "GPU-b", "Card", 8192, 8000)],
    };

    [Fact]
    public void View_Every_IsTheWholeMachine() => Assert.Equal(Machine.Gpus, GpuSlot.Every.View(Machine).Gpus);

    [Fact]
    public void View_Named_IsThoseWhateverTheCase() =>
        Assert.Equal(["GPU-b"], GpuSlot.Of(["gpu-B", "GPU-b"]).View(Machine).Gpus.Select(g => g.Uuid));

    [Fact]
    public void View_NamedAndAbsent_IsSick() =>
        Assert.Equal(["GPU-c: not in this machine"], GpuSlot.Of(["GPU-a", "GPU-c"]).View(Machine).Sick);

    [Fact]
    public void View_NoneNamed_IsTheCpuAlone()
    {
        GpuSlotSnapshot view = GpuSlot.Of([]).View(Machine);
        Assert.Empty(view.Gpus);
        Assert.Empty(view.Sick);
    }
}
