namespace Nosana.Node.Gpus;

/// <summary>The GPUs that one job at a time may have: those with these UUIDs, or every one of the machine.</summary>
internal sealed class GpuSlot
{
    private readonly IReadOnlyList<string>? _uuids;

    private GpuSlot(IReadOnlyList<string>? uuids) => _uuids = uuids;

    /// <summary>Whatever the machine has; a slot of the CPU alone where it has none.</summary>
    public static GpuSlot Every { get; } = new(null);

    /// <param name="uuids"><c>GPU-...</c> or <c>MIG-...</c>; none makes a slot of the CPU alone.</param>
    public static GpuSlot Of(IEnumerable<string> uuids) => new([.. uuids.Distinct(StringComparer.OrdinalIgnoreCase)]);

    /// <summary>What of the snapshot belongs to the slot.</summary>
    public GpuSlotSnapshot View(GpuSnapshot machine)
    {
        if (_uuids is null)
        {
            return new GpuSlotSnapshot
            {
                Gpus = machine.Gpus,
                CudaVersion = machine.CudaVersion,
                Absence = machine.Absence,
                Sick =
                [
                    .. machine.Faults.Select(f => $"GPU {f.Index} ({f.Uuid ?? "UUID unknown"}): {f.Reason}"),
                    .. machine.IsDriverBroken ? [machine.Absence!] : Array.Empty<string>(),
                ],
            };
        }
        GpuDevice[] present = [.. machine.Gpus.Where(gpu => _uuids.Contains(gpu.Uuid, StringComparer.OrdinalIgnoreCase))];
        IEnumerable<string> missing = _uuids.Except(present.Select(gpu => gpu.Uuid), StringComparer.OrdinalIgnoreCase);
        return new GpuSlotSnapshot
        {
            Gpus = present,
            CudaVersion = machine.CudaVersion,
            Absence = machine.Absence,
            Sick = [.. missing.Select(uuid => $"{uuid}: {Why(machine, uuid)}")],
        };
    }

    private static string Why(GpuSnapshot machine, string uuid) =>
        machine.Faults.FirstOrDefault(f => string.Equals(f.Uuid, uuid, StringComparison.OrdinalIgnoreCase))?.Reason
        ?? machine.Absence
        ?? (machine.Faults.FirstOrDefault(f => f.Uuid is null) is { } mute
            ? $"not listed, and GPU {mute.Index} does not answer: {mute.Reason}"
            : "not in this machine");
}
