using Docker.DotNet.Models;

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

    /// <summary>What the engine is asked for, so that the container is given the GPUs.</summary>
    /// <exception cref="EngineException">The engine would take the request and give none.</exception>
    public DeviceRequest For(HardeningProfile profile) => profile.GpuInjection switch
    {
        GpuInjection.Cdi => new DeviceRequest
        {
            Driver = "cdi",
            DeviceIDs = IsAll ? ["nvidia.com/gpu=all"] : [.. DeviceIds.Select(id => $"nvidia.com/gpu={id}")],
        },
        // Whoever admits jobs gives none of them a GPU on such an engine; a container that only seems to have one is worse than none.
        GpuInjection.None => throw new EngineException(EngineFault.GpuUnavailable, $"The container cannot be made: {GpuInjections.WhyNone}."),
        _ => new DeviceRequest
        {
            Count = IsAll ? -1 : 0,
            DeviceIDs = IsAll ? null! : [.. DeviceIds],
            Capabilities = [["gpu", .. profile.GpuCapabilities]],
        },
    };
}
