namespace Nosana.Docker.Models;

/// <summary>How a network hands out addresses.</summary>
public sealed class IPAM
{
    public string? Driver { get; set; }

    public IDictionary<string, string>? Options { get; set; }

    public IList<IPAMConfig>? Config { get; set; }
}
