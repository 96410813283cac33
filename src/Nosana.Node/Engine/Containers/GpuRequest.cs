namespace Nosana.Node.Engine.Containers;

/// <summary>GPUs of a container.</summary>
internal sealed record GpuRequest
{
    private GpuRequest(IReadOnlyList<string> deviceIds) => DeviceIds = deviceIds;

    /// <summary>Every GPU of the machine.</summary>
    public static GpuRequest All { get; } = new([]);

    /// <summary>UUIDs of GPUs or MIG instances; empty is all.</summary>
    public IReadOnlyList<string> DeviceIds { get; }

    public bool IsAll => DeviceIds.Count == 0;

    /// <param name="uuids">At least one; never indexes, which change from boot to boot.</param>
    public static GpuRequest Devices(IReadOnlyList<string> uuids) =>
        uuids.Count > 0 ? new(uuids) : throw new ArgumentException("A request for no device would be a request for all.", nameof(uuids));
}
