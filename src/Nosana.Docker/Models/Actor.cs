namespace Nosana.Docker.Models;

/// <summary>What an event is about.</summary>
public sealed class Actor
{
    public string ID { get; set; } = "";

    /// <summary>Labels of the object, and facts of the event such as <c>exitCode</c>, <c>name</c>, <c>image</c>, <c>signal</c>.</summary>
    public IDictionary<string, string> Attributes { get; set; } = new Dictionary<string, string>();
}
