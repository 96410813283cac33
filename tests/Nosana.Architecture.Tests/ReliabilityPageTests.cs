using System.Text.RegularExpressions;
using Nosana.Testing;

namespace Nosana.Architecture.Tests;

/// <summary>docs/reliability.md says of each fault which test shows it.</summary>
public sealed partial class ReliabilityPageTests
{
    private static readonly string[] s_rows =
        [.. File.ReadLines(Path.Combine(RepositoryFiles.Root, "docs", "reliability.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal))];

    [Fact]
    public void Rows_HaveAllTheirCells() => Assert.All(s_rows, row => Assert.Equal(7, row.Split('|').Length));

    [Fact]
    public void Tests_ThatAreNamed_AreThere()
    {
        HashSet<string> files = [.. Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file))];
        string[] rows = [.. s_rows.Where(row => !row.StartsWith("| fault |", StringComparison.Ordinal))];
        Assert.True(rows.Length > 50, $"{rows.Length} rows");
        foreach (string row in rows)
        {
            string[] named = [.. TestNames().Matches(row.Split('|')[5]).Select(match => match.Groups[1].Value)];
            Assert.True(named.Length > 0, $"No test is named: {row}");
            Assert.All(named, name => Assert.True(files.Contains(name), $"{name} is not there: {row}"));
        }
    }

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex TestNames();
}
