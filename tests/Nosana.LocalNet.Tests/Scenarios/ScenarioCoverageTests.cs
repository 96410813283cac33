using System.Reflection;
using System.Text.RegularExpressions;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>The specification's table of scenarios has 125 rows: each is a test here, and no test claims a row that does not exist.</summary>
public sealed partial class ScenarioCoverageTests
{
    [Fact]
    public void Rows_OfTheSpecification_AreEachATest()
    {
        IEnumerable<string> rows =
        [
            .. Numbered("J", 71), .. Numbered("S", 16), .. Numbered("R", 6), .. Numbered("P", 3), .. Numbered("D", 3), .. Numbered("I", 1), .. Numbered("X", 25),
        ];
        Assert.Equal(125, rows.Count());
        string[] tested =
        [
            .. typeof(ScenarioCoverageTests).Assembly.GetTypes()
                .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public))
                .Where(method => method.GetCustomAttributes<FactAttribute>().Any() || method.GetCustomAttributes<TheoryAttribute>().Any())
                .Select(method => RowId().Match(method.Name))
                .Where(match => match.Success)
                .Select(match => match.Groups[1].Value),
        ];
        Assert.Equal(rows.Order(StringComparer.Ordinal), tested.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Numbered(string letter, int count) => Enumerable.Range(1, count).Select(number => $"{letter}{number}");

    [GeneratedRegex(@"^([A-Z]\d+)_")]
    private static partial Regex RowId();
}
