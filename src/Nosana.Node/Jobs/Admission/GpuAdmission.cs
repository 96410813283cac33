using System.Globalization;
using Nosana.Gpu;
using Nosana.Node.Gpus;
using static Nosana.Node.Jobs.Admission.AdmissionOutcome;

namespace Nosana.Node.Jobs.Admission;

/// <summary>Compares what a job asks with what a slot's GPUs are and run, before anything is pulled or started.</summary>
internal static class GpuAdmission
{
    public static AdmissionOutcome Check(GpuRequirements requirements, GpuSlotSnapshot slot)
    {
        IReadOnlyList<string> cuda = requirements.RequiredCuda;
        if (!requirements.NeedsGpu && !requirements.AsksForVram && cuda.Count == 0) return new Admitted([]);

        if (slot.Sick.Count > 0) return Sick(requirements, slot);
        if (slot.Gpus.Count == 0) return NoGpu(requirements, slot);
        if (cuda.Count > 0 && !cuda.Any(listed => IsRunBy(slot.CudaVersion, listed))) return Cuda(cuda, slot);
        return VramAdmission.Check(requirements, slot) ?? (AdmissionOutcome)new Admitted([.. slot.Gpus.Select(gpu => gpu.Uuid)]);
    }

    // A driver runs programs built with its own CUDA version and every earlier one.
    private static bool IsRunBy(CudaVersion? driver, string listed) => CudaVersion.TryParse(listed, out CudaVersion version) && driver >= version;

    private static Refused Sick(GpuRequirements requirements, GpuSlotSnapshot slot) => new(
        AdmissionRule.SickGpu,
        $"The job asks for {requirements}, but the slot's GPUs are not all there: {string.Join("; ", slot.Sick)}. "
            + "Look at nvidia-smi and the kernel's log; the slot takes jobs again when they answer.",
        requirements.ToString(),
        string.Create(CultureInfo.InvariantCulture, $"{slot.Gpus.Count} GPUs that answer"));

    private static Refused NoGpu(GpuRequirements requirements, GpuSlotSnapshot slot)
    {
        string why = slot.Absence is null ? "" : $" ({slot.Absence})";
        return new Refused(
            AdmissionRule.NoGpu,
            $"The job asks for {requirements}, and this slot has no GPU: 0 MiB free{why}.",
            requirements.ToString(),
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
}
