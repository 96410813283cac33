using System.Formats.Tar;

namespace Nosana.Node.Engine.Resources;

/// <summary>Archives of what goes into volumes: directories and plain files of root, nothing else.</summary>
internal static class VolumeTar
{
    private const UnixFileMode
        SharedFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        SharedDirectory = SharedFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute,
        OwnFile = SharedFile | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite,
        OwnDirectory = SharedDirectory | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>
    /// Writes the files, in order of path, and removes each from this machine once it is in the archive: the two copies of a resource need not lie
    /// side by side.
    /// </summary>
    public static async Task WriteAsync(IReadOnlyList<StagedFile> files, Stream archive, CancellationToken cancellationToken)
    {
        await using var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true);
        string before = "";
        foreach (StagedFile file in files)
        {
            // In order of path all files of a directory stand together: only those of the one before need be known.
            foreach (string parent in ResourcePath.Parents(file.Path).Where(parent => !before.StartsWith(parent + "/", StringComparison.Ordinal)))
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, parent + "/") { Mode = SharedDirectory }, cancellationToken);
            await using (PartsStream content = file.OpenRead())
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, file.Path) { Mode = SharedFile, DataStream = content }, cancellationToken);
            file.Delete();
            before = file.Path;
        }
    }

    /// <summary>Copies an archive of a volume for one tenant, who may write in it as whichever user he runs.</summary>
    public static async Task CopyWritableAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        await using var reader = new TarReader(from, leaveOpen: true);
        await using var writer = new TarWriter(to, TarEntryFormat.Pax, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.EntryType == TarEntryType.Directory)
            {
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, entry.Name) { Mode = OwnDirectory }, cancellationToken);
            }
            else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                await using var content = new EntryStream(entry.DataStream ?? Stream.Null, entry.Length);
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, entry.Name) { Mode = OwnFile, DataStream = content }, cancellationToken);
            }
        }
    }
}
