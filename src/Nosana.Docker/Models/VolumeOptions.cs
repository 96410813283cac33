namespace Nosana.Docker.Models;

/// <summary>Options of a <c>volume</c> mount.</summary>
public sealed class VolumeOptions
{
    /// <summary>Whether a new volume stays empty instead of getting the image's files at the target.</summary>
    public bool? NoCopy { get; set; }

    public IDictionary<string, string>? Labels { get; set; }

    public Driver? DriverConfig { get; set; }
}
