namespace Nosana.Node.Engine.Resources;

/// <summary>A stretch of a remote file and the file of this machine that it goes to. What is there already is not asked for again.</summary>
/// <param name="File">The whole.</param>
/// <param name="Path">Path of this machine.</param>
/// <param name="From">First byte.</param>
/// <param name="Length">Bytes; null is to the end, wherever that is.</param>
internal sealed record FilePart(RemoteFile File, string Path, long From, long? Length)
{
    /// <summary>Whether this is not the whole file.</summary>
    public bool IsPartial => From > 0 || Length != File.Size;

    public long Present => new FileInfo(Path) is { Exists: true } info ? info.Length : 0;

    /// <summary>The parts of a file, in order.</summary>
    public static IReadOnlyList<FilePart> Split(RemoteFile file, string pathStem, long partBytes)
    {
        if (file.Size is not { } size || size <= partBytes || !file.Resumable) return [new FilePart(file, $"{pathStem}.whole", 0, file.Size)];
        var parts = new List<FilePart>();
        for (long from = 0; from < size; from += partBytes)
            parts.Add(new FilePart(file, $"{pathStem}.{parts.Count:D5}", from, Math.Min(partBytes, size - from)));
        return parts;
    }
}
