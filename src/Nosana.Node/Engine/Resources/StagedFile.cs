namespace Nosana.Node.Engine.Resources;

/// <summary>A file that is whole on this machine, in parts. The parts are named by number: no name of a stranger is a path here.</summary>
/// <param name="Path">Where it goes within the volume.</param>
/// <param name="Parts">Paths of this machine, in order.</param>
/// <param name="Bytes">All of them.</param>
internal sealed record StagedFile(string Path, IReadOnlyList<string> Parts, long Bytes)
{
    public PartsStream OpenRead() => new(Parts, Bytes);

    public void Delete()
    {
        foreach (string part in Parts) File.Delete(part);
    }
}
