using Nosana.JobDefinition.Model;
using Nosana.Node.Gpus;

namespace Nosana.Node.Jobs.Admission;

/// <summary>
/// Whether this slot can run a definition that is valid, asked before anything is pulled: every rule that speaks of a job is called here. Those
/// that speak of the host alone (engine, disk, sick GPUs) are asked by whoever queues.
/// </summary>
internal static class JobAdmission
{
    /// <returns>Why not, with asked and free; null when it can.</returns>
    public static AdmissionOutcome.Refused? Check(Definition definition, GpuSlotSnapshot slot) =>
        MissingSupport.Of(definition) is { } missing
            ? new AdmissionOutcome.Refused(AdmissionRule.MissingSupport, missing, "", "")
            : GpuAdmission.Check(RequirementsOf(definition), slot) as AdmissionOutcome.Refused;

    private static GpuRequirements RequirementsOf(Definition definition)
    {
        SystemRequirements asked = definition.Meta?.Requirements ?? SystemRequirements.None;
        double? perOp = definition.Ops.Select(RequiredVram).Max();
        return new GpuRequirements(asked.VramTotalMb, Max(asked.RequiredVramGb, perOp), asked.RequiredCuda, NeedsGpu(definition));
    }

    private static bool NeedsGpu(Definition definition) =>
        definition.Global?.Gpu == true ? definition.Ops.Any(op => op.Type == OperationType.ContainerRun)
        : definition.Ops.Any(op => op.Args.Element.TryGetProperty("gpu", out var gpu) && gpu.ValueKind == System.Text.Json.JsonValueKind.True);

    private static double? RequiredVram(Operation op) =>
        op.Args.Element.TryGetProperty("required_vram", out var vram) && vram.ValueKind == System.Text.Json.JsonValueKind.Number ? vram.GetDouble() : null;

    private static double? Max(double? a, double? b) => a is null ? b : b is null ? a : Math.Max(a.Value, b.Value);
}
