using Nosana.JobDefinition.Model;
using Nosana.Node.Gpus;

namespace Nosana.Node.Jobs.Admission;

/// <summary>Whether this slot can run a definition, asked before anything is pulled. Disk and engine are asked by whoever queues.</summary>
internal static class JobAdmission
{
    /// <returns>Why not, with asked and free; null when it can.</returns>
    public static GpuAdmissionOutcome.Refused? Check(Definition definition, GpuSlotSnapshot slot) => GpuAdmission.Check(RequirementsOf(definition), slot) as GpuAdmissionOutcome.Refused;

    private static GpuRequirements RequirementsOf(Definition definition)
    {
        SystemRequirements asked = definition.Meta?.Requirements ?? SystemRequirements.None;
        double? perOp = definition.Ops.Max(op => op.Args.RequiredVramGb);
        bool needsGpu = definition.Ops.Any(op => op.Type == OperationType.ContainerRun && (op.Args.WantsGpu || definition.Global?.Gpu == true));
        return new GpuRequirements(asked.VramTotalMb, Max(asked.RequiredVramGb, perOp), asked.RequiredCuda, needsGpu);
    }

    private static double? Max(double? a, double? b) => a is null ? b : b is null ? a : Math.Max(a.Value, b.Value);
}
