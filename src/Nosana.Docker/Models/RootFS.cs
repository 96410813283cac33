namespace Nosana.Docker.Models;

/// <summary>Layers of an image.</summary>
public sealed class RootFS
{
    public string Type { get; set; } = "";

    /// <summary>Digests of the uncompressed layers, lowest first.</summary>
    public IList<string> Layers { get; set; } = [];
}
