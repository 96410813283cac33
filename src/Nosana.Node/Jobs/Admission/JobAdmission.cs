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
        double? perOp = definition.Ops.Max(op => op.Args.RequiredVramGb);
        bool needsGpu = definition.Ops.Any(op => op.Type == OperationType.ContainerRun && (op.Args.WantsGpu || definition.Global?.Gpu == true));
        return new GpuRequirements(asked.VramTotalMb, Max(asked.RequiredVramGb, perOp), asked.RequiredCuda, needsGpu);
    }

    private static double? Max(double? a, double? b) => a is null ? b : b is null ? a : Math.Max(a.Value, b.Value);
}
