namespace Nosana.Node.Engine.Resources;

/// <summary>
/// What has been found of a resource so far. All of it is in memory until it is fetched, and whoever lists it is a stranger: there is a limit
/// on how many files there are and on how long their names are together.
/// </summary>
internal sealed class ListedFiles(string source, ResourceOptions options)
{
    private readonly List<RemoteFile> _files = [];
    private long _characters;

    public int Count => _files.Count;

    public IReadOnlyList<RemoteFile> All => _files;

    /// <exception cref="ResourceException"><see cref="ResourceFault.TooLarge"/>; <see cref="ResourceFault.Invalid"/> for a name that is no path.</exception>
    public void Add(RemoteFile file)
    {
        ResourcePath.Check(file.Path, source);
        _characters += file.Path.Length + (file.Version?.Length ?? 0);
        if (_files.Count == options.MaxFiles)
            throw new ResourceException(ResourceFault.TooLarge, $"{source} has more than {options.MaxFiles} files. Name the needed ones in 'files'.");
        if (_characters > options.MaxNameCharacters)
            throw new ResourceException(ResourceFault.TooLarge,
                $"{source}: the names of its files have more than {options.MaxNameCharacters} characters together. Name the needed ones in 'files'.");
        _files.Add(file);
    }
}
