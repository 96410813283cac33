using System.Globalization;
using Nosana.Gpu;
using Nosana.Node.Gpus;
using static Nosana.Node.Jobs.Admission.AdmissionOutcome;

namespace Nosana.Node.Jobs.Admission;

/// <summary>Compares what a job asks with what a slot's GPUs have free, before anything is pulled or started.</summary>
internal static class GpuAdmission
{
    /// <summary>Held back on each GPU: what the CUDA context of the job's process takes beside its data.</summary>
    public const long ContextReserveMib = 512;

    private const int MibPerGb = 1024;

    public static AdmissionOutcome Check(GpuRequirements requirements, GpuSlotSnapshot slot)
    {
        double total = requirements.VramTotalMb ?? 0, single = (requirements.RequiredVramGb ?? 0) * MibPerGb;
        IReadOnlyList<string> cuda = requirements.RequiredCuda;
        if (!requirements.NeedsGpu && !(total > 0) && !(single > 0) && cuda.Count == 0) return new Admitted([]);

        if (slot.Sick.Count > 0) return Sick(requirements, slot);
        if (slot.Gpus.Count == 0) return NoGpu(requirements, slot);
        if (cuda.Count > 0 && !cuda.Any(listed => IsRunBy(slot.CudaVersion, listed))) return Cuda(cuda, slot);
        if (total > slot.Gpus.Sum(Free))
        {
            return Vram(AdmissionRule.VramTotal, total, slot.Gpus.Sum(Free), "over all GPUs of the slot together", slot);
        }
        if (single > slot.Gpus.Max(Free))
        {
            return Vram(AdmissionRule.VramSingle, single, slot.Gpus.Max(Free), "on one GPU", slot);
        }
        return new Admitted([.. slot.Gpus.Select(gpu => gpu.Uuid)]);
    }

    private static long Free(GpuDevice gpu) => Math.Max(0, gpu.FreeMib - ContextReserveMib);

    // A driver runs programs built with its own CUDA version and every earlier one.
    private static bool IsRunBy(CudaVersion? driver, string listed) => CudaVersion.TryParse(listed, out CudaVersion version) && driver >= version;

    private static Refused Sick(GpuRequirements requirements, GpuSlotSnapshot slot) => new(
        AdmissionRule.SickGpu,
        $"The job asks for {Describe(requirements)}, but the slot's GPUs are not all there: {string.Join("; ", slot.Sick)}. Look at nvidia-smi and the kernel's log; the slot takes jobs again when they answer.",
        Describe(requirements),
        string.Create(CultureInfo.InvariantCulture, $"{slot.Gpus.Count} GPUs that answer"));

    private static Refused NoGpu(GpuRequirements requirements, GpuSlotSnapshot slot)
    {
        string why = slot.Absence is null ? "" : $" ({slot.Absence})";
        return new Refused(
            AdmissionRule.NoGpu,
            $"The job asks for {Describe(requirements)}, and this slot has no GPU: 0 MiB free{why}.",
            Describe(requirements),
            "0 MiB");
    }

    private static Refused Cuda(IReadOnlyList<string> asked, GpuSlotSnapshot slot)
    {
        string versions = string.Join(" or ", asked), has = slot.CudaVersion?.ToString() ?? "none";
        return new Refused(
            AdmissionRule.Cuda,
            $"The job asks for CUDA {versions}; this machine's driver runs CUDA up to {has}. A newer driver would take it.",
            $"CUDA {versions}",
            $"CUDA {has}");
    }

    private static Refused Vram(AdmissionRule cause, double asked, long free, string where, GpuSlotSnapshot slot)
    {
        string gpus = string.Join(", ", slot.Gpus.Select(gpu =>
            string.Create(CultureInfo.InvariantCulture, $"GPU {gpu.Index} {gpu.Name} {gpu.Uuid}: {Free(gpu)} of {gpu.TotalMib} MiB")));
        return new Refused(
            cause,
            string.Create(CultureInfo.InvariantCulture, $"The job asks for {Mib(asked)} of VRAM {where}; free are {free} MiB ({gpus}; {ContextReserveMib} MiB of each are kept for the CUDA context)."),
            Mib(asked),
            string.Create(CultureInfo.InvariantCulture, $"{free} MiB"));
    }

    private static string Describe(GpuRequirements requirements)
    {
        var parts = new List<string>();
        if (requirements.VramTotalMb > 0) parts.Add($"{Mib(requirements.VramTotalMb.Value)} of VRAM");
        if (requirements.RequiredVramGb > 0) parts.Add($"{Mib(requirements.RequiredVramGb.Value * MibPerGb)} of VRAM on one GPU");
        if (requirements.RequiredCuda.Count > 0) parts.Add($"CUDA {string.Join(" or ", requirements.RequiredCuda)}");
        return parts.Count == 0 ? "a GPU" : string.Join(" and ", parts);
    }

    private static string Mib(double mib) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(mib):0} MiB");
}
