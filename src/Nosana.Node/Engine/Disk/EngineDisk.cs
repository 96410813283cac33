using Nosana.Docker;

namespace Nosana.Node.Engine.Disk;

/// <summary>The disk that holds the engine's data, as far as this machine sees it.</summary>
/// <param name="client">The engine.</param>
/// <param name="isHere">Whether the engine runs on this machine, so that its directory is one of this machine's.</param>
/// <param name="freeBytes">Bytes left at a path; null is the machine's own answer.</param>
internal sealed class EngineDisk(IEngineClient client, bool isHere, Func<string, long>? freeBytes = null)
{
    private readonly Func<string, long> _freeBytes = freeBytes ?? (static path => new DriveInfo(path).AvailableFreeSpace);
    private string? _directory;

    /// <summary>Null where it is not known: the engine is elsewhere, or its directory hidden from this process.</summary>
    public async Task<long?> FreeBytesAsync(CancellationToken cancellationToken)
    {
        if (!isHere) return null;
        try
        {
            _directory ??= (await client.GetSystemInfoAsync(cancellationToken)).DockerRootDir;
            return string.IsNullOrEmpty(_directory) ? null : _freeBytes(_directory);
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, "The engine cannot say where its data are");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
