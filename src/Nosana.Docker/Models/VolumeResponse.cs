namespace Nosana.Docker.Models;

/// <summary>A volume of the engine.</summary>
public sealed class VolumeResponse
{
    public string Name { get; set; } = "";

    public string Driver { get; set; } = "";

    /// <summary>Path on the machine.</summary>
    public string Mountpoint { get; set; } = "";

    /// <summary>RFC 3339 time; empty on engines that do not say.</summary>
    public string CreatedAt { get; set; } = "";

    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    public IDictionary<string, string> Options { get; set; } = new Dictionary<string, string>();

    public string Scope { get; set; } = "";

    /// <summary>Only in an answer of disk usage.</summary>
    public UsageData? UsageData { get; set; }
}
