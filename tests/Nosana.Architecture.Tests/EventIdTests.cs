using System.Text.RegularExpressions;

namespace Nosana.Architecture.Tests;

/// <summary>Operators filter their logs by event id: each says one thing.</summary>
public sealed partial class EventIdTests
{
    [Fact]
    public void EventIds_OfAllProjects_AreUsedOnce()
    {
        string[] ids = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Repository.Relative(file).Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => EventId().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))];
        Assert.NotEmpty(ids);
        Assert.Empty(ids.GroupBy(id => id).Where(uses => uses.Count() > 1).Select(uses => uses.Key));
    }

    [GeneratedRegex(@"\[LoggerMessage\((?:EventId = )?(\d+),")]
    private static partial Regex EventId();
}
