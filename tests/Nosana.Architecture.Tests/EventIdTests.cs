using System.Text.RegularExpressions;

namespace Nosana.Architecture.Tests;

/// <summary>Operators filter their logs by event id: each says one thing.</summary>
public sealed partial class EventIdTests
{
    [Fact]
    public void EventIds_OfAllProjects_AreUsedOnce()
    {
        string[] ids = [.. Repository.Paths
            .Where(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(path => EventId().Matches(File.ReadAllText(Path.Combine(Repository.Root, path))).Select(match => match.Groups[1].Value))];
        Assert.NotEmpty(ids);
        Assert.Empty(ids.GroupBy(id => id).Where(uses => uses.Count() > 1).Select(uses => uses.Key));
    }

    [GeneratedRegex(@"\[LoggerMessage\((?:EventId = )?(\d+),")]
    private static partial Regex EventId();
}
