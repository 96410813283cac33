namespace Nosana.Docker.Models;

/// <summary>Options of a <c>tmpfs</c> mount.</summary>
public sealed class TmpfsOptions
{
    public long? SizeBytes { get; set; }

    /// <summary>Permission bits.</summary>
    public uint? Mode { get; set; }
}
