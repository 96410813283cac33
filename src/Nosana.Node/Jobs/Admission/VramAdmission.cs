using System.Globalization;
using Nosana.Node.Gpus;
using static Nosana.Node.Jobs.Admission.AdmissionOutcome;

namespace Nosana.Node.Jobs.Admission;

/// <summary>Refuses a job that asks for more VRAM than the slot's GPUs have free: over all of them together, or on one.</summary>
internal static class VramAdmission
{
    /// <summary>Held back on each GPU: what the CUDA context of the job's process takes beside its data.</summary>
    public const long ContextReserveMib = 512;

    /// <param name="slot">With at least one GPU.</param>
    /// <returns>Why not; null when there is enough.</returns>
    public static Refused? Check(GpuRequirements requirements, GpuSlotSnapshot slot)
    {
        long free = slot.Gpus.Sum(Free), largest = slot.Gpus.Max(Free);
        if (requirements.VramTotalMb > free)
            return Refuse(AdmissionRule.VramTotal, requirements.VramTotalMb.Value, free, "over all GPUs of the slot together", slot);
        if (requirements.RequiredVramMib > largest)
            return Refuse(AdmissionRule.VramSingle, requirements.RequiredVramMib.Value, largest, "on one GPU", slot);
        return null;
    }

    private static long Free(GpuDevice gpu) => Math.Max(0, gpu.FreeMib - ContextReserveMib);

    private static Refused Refuse(AdmissionRule rule, double asked, long free, string where, GpuSlotSnapshot slot)
    {
        string gpus = string.Join(", ", slot.Gpus.Select(gpu =>
            string.Create(CultureInfo.InvariantCulture, $"GPU {gpu.Index} {gpu.Name} {gpu.Uuid}: {Free(gpu)} of {gpu.TotalMib} MiB")));
        string amount = GpuRequirements.Mib(asked);
        return new Refused(
            rule,
            string.Create(CultureInfo.InvariantCulture, $"The job asks for {amount} of VRAM {where}; free are {free} MiB ({gpus}; ")
                + string.Create(CultureInfo.InvariantCulture, $"{ContextReserveMib} MiB of each are kept for the CUDA context)."),
            amount,
            string.Create(CultureInfo.InvariantCulture, $"{free} MiB"));
    }
}
