namespace Nosana.Docker.Models;

/// <summary>A device that the engine can hand to containers.</summary>
public sealed class DeviceInfo
{
    /// <summary>For example <c>cdi</c>.</summary>
    public string Source { get; set; } = "";

    /// <summary>For example <c>nvidia.com/gpu=0</c>.</summary>
    public string ID { get; set; } = "";
}
