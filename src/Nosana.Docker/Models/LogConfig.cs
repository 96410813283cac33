namespace Nosana.Docker.Models;

/// <summary>Log driver of a container, for example <c>json-file</c> with <c>max-size</c> and <c>max-file</c>.</summary>
public sealed class LogConfig
{
    public string? Type { get; set; }

    public IDictionary<string, string>? Config { get; set; }
}
