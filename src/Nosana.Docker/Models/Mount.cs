namespace Nosana.Docker.Models;

/// <summary>A mount of a volume, a directory of the machine, or a temporary file system.</summary>
public sealed class Mount
{
    /// <summary><c>bind</c>, <c>volume</c> or <c>tmpfs</c>.</summary>
    public string? Type { get; set; }

    /// <summary>Volume name or path on the machine.</summary>
    public string? Source { get; set; }

    public string? Target { get; set; }

    public bool? ReadOnly { get; set; }

    public string? Consistency { get; set; }

    public BindOptions? BindOptions { get; set; }

    public VolumeOptions? VolumeOptions { get; set; }

    public TmpfsOptions? TmpfsOptions { get; set; }
}
