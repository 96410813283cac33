using Nosana.Docker;

namespace Nosana.Node.Engine.Containers;

/// <summary>Label filters of the engine's lists.</summary>
internal static class LabelFilter
{
    public static DockerFilters Of(IReadOnlyDictionary<string, string> labels)
    {
        var filters = new DockerFilters();
        filters.Add("label", [.. labels.Select(label => $"{label.Key}={label.Value}")]);
        return filters;
    }

    public static DockerFilters Of(string label, string value) => new() { { "label", $"{label}={value}" } };

    /// <summary>Everything that has the label, whatever its value.</summary>
    public static DockerFilters Having(string label) => new() { { "label", label } };
}
