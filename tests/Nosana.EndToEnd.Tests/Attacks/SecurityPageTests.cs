using System.Reflection;
using System.Text.RegularExpressions;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>docs/security.md says of each attack what stops it; what it says and what is tested are the same.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public void Page_RowsAndAttacks_AreTheSame()
    {
        string page = File.ReadAllText(Path.Combine(Nosana.Testing.RepositoryFiles.Root, "docs", "security.md"));
        string[] rows = [.. Row().Matches(page).Select(match => match.Groups[1].Value)];
        string[] tests =
        [
            .. typeof(SecurityPageTests).Assembly.GetTypes()
                .Where(type => type.Namespace == typeof(SecurityPageTests).Namespace && type.Name.EndsWith("AttackTests", StringComparison.Ordinal))
                .SelectMany(type => type.GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null).Select(method => $"{type.Name}.{method.Name}")),
        ];
        Assert.True(tests.Length >= 30, $"{tests.Length} attacks");
        Assert.Equal(tests.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\|[^|\n]+\|[^|\n]+\| `(\w+\.\w+)` \|$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Row();
}
