using Nosana.Gpu;
using Nosana.Node.Gpus;
using Nosana.Node.Jobs.Admission;
using static Nosana.Node.Jobs.Admission.AdmissionOutcome;

namespace Nosana.Node.Tests.Jobs.Admission;

public sealed class GpuAdmissionTests
{
    private const long Reserve = VramAdmission.ContextReserveMib;

    private static readonly GpuSlotSnapshot NoGpu = new() { Gpus = [] };

    [Fact]
    public void Check_NothingAsked_IsAdmittedAnywhere()
    {
        Assert.Empty(Assert.IsType<Admitted>(GpuAdmission.Check(GpuRequirements.None, NoGpu)).Uuids);
        Assert.Empty(Assert.IsType<Admitted>(GpuAdmission.Check(GpuRequirements.None, Slot(8192))).Uuids);
        Assert.IsType<Admitted>(GpuAdmission.Check(new GpuRequirements(0, 0, [], false), NoGpu));
    }

    [Fact]
    public void Check_GpuAsked_GivesEveryGpuOfTheSlot() =>
        Assert.Equal(["GPU-0", "GPU-1"], Assert.IsType<Admitted>(GpuAdmission.Check(new GpuRequirements(null, null, [], true), Slot(100, 200))).Uuids);

    [Theory]
    [InlineData(24576.0, null, false)]
    [InlineData(null, 24.0, false)]
    [InlineData(null, null, true)]
    public void Check_SlotWithoutGpu_IsTheJobsRefusal(double? total, double? single, bool gpu)
    {
        var refused = Assert.IsType<Refused>(GpuAdmission.Check(new GpuRequirements(total, single, [], gpu), NoGpu));

        Assert.Equal(AdmissionRule.NoGpu, refused.Cause);
        Assert.False(refused.ConcernsHost);
        Assert.Equal("0 MiB", refused.Free);
        Assert.Contains(gpu ? "a GPU" : "24576 MiB", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_VramTotal_IsComparedWithTheSumLessTheReserveOfEach()
    {
        GpuSlotSnapshot slot = Slot(10_000, 6_000);
        long free = 16_000 - 2 * Reserve;

        Assert.IsType<Admitted>(GpuAdmission.Check(new GpuRequirements(free, null, [], false), slot));
        var refused = Assert.IsType<Refused>(GpuAdmission.Check(new GpuRequirements(free + 1, null, [], false), slot));

        Assert.Equal(AdmissionRule.VramTotal, refused.Cause);
        Assert.Equal(($"{free + 1} MiB", $"{free} MiB"), (refused.Asked, refused.Free));
        Assert.Contains($"GPU 0 Card GPU-0: {10_000 - Reserve} of 24576 MiB", refused.Reason, StringComparison.Ordinal);
        Assert.Contains($"GPU 1 Card GPU-1: {6_000 - Reserve} of 24576 MiB", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_RequiredVram_IsComparedWithTheBestGpuInGigabytesOf1024()
    {
        GpuSlotSnapshot slot = Slot(4_000, 8 * 1024 + Reserve);

        Assert.IsType<Admitted>(GpuAdmission.Check(new GpuRequirements(null, 8, [], true), slot));
        var refused = Assert.IsType<Refused>(GpuAdmission.Check(new GpuRequirements(null, 8.001, [], true), slot));

        Assert.Equal(AdmissionRule.VramSingle, refused.Cause);
        Assert.Equal(("8194 MiB", "8192 MiB"), (refused.Asked, refused.Free));
    }

    [Fact]
    public void Check_GpuWithLessThanTheReserve_CountsAsNothing()
    {
        Assert.IsType<Admitted>(GpuAdmission.Check(new GpuRequirements(1000, null, [], false), Slot(1000 + Reserve, 10)));
        Assert.IsType<Refused>(GpuAdmission.Check(new GpuRequirements(1001, null, [], false), Slot(1000 + Reserve, 10)));
    }

    [Theory]
    [InlineData(true, "12.4")]
    [InlineData(true, "11.8")]
    [InlineData(true, "12")]
    [InlineData(true, "13.0", "12.1")]
    [InlineData(false, "12.8")]
    [InlineData(false, "12.8", "12.9")]
    [InlineData(false, "12.10")]
    [InlineData(false, "latest")]
    public void Check_RequiredCuda_OneListedVersionThatTheDriverRunsSuffices(bool admitted, params string[] versions)
    {
        AdmissionOutcome verdict = GpuAdmission.Check(new GpuRequirements(null, null, versions, true), Slot(8192));

        Assert.Equal(admitted, verdict is Admitted);
        if (verdict is not Refused refused) return;
        Assert.Equal((AdmissionRule.Cuda, $"CUDA {string.Join(" or ", versions)}", "CUDA 12.4"), (refused.Cause, refused.Asked, refused.Free));
    }

    [Fact]
    public void Check_SickGpu_ConcernsTheHostUnlessNoGpuIsAsked()
    {
        GpuSlotSnapshot slot = Slot(24_000) with { Sick = ["GPU-9: GPU is lost"] };

        var refused = Assert.IsType<Refused>(GpuAdmission.Check(new GpuRequirements(100, null, [], true), slot));

        Assert.True(refused.ConcernsHost);
        Assert.Contains("GPU is lost", refused.Reason, StringComparison.Ordinal);
        Assert.IsType<Admitted>(GpuAdmission.Check(GpuRequirements.None, slot));
    }

    [Theory]
    [InlineData(double.PositiveInfinity, false)]
    [InlineData(double.NaN, true)]
    [InlineData(-5, true)]
    public void Check_OddNumbers_AreDecided(double total, bool admitted) =>
        Assert.Equal(admitted, GpuAdmission.Check(new GpuRequirements(total, null, [], false), Slot(8192)) is Admitted);

    private static GpuSlotSnapshot Slot(params long[] freeMib) => new()
    {
        Gpus = [.. freeMib.Select((free, index) => new GpuDevice(index, $"GPU-{index}", "Card", 24576, free))],
        CudaVersion = new CudaVersion(12, 4),
    };
}
