namespace Nosana.Docker.Models;

/// <summary>Use of a volume; -1 when not computed.</summary>
public sealed class UsageData
{
    /// <summary>Bytes.</summary>
    public long Size { get; set; }

    public long RefCount { get; set; }
}
