using System.Text.RegularExpressions;
using Nosana.Testing;

namespace Nosana.Deployments.Tests;

/// <summary>The floors of Nosana.Deployments: from the pure model at the bottom to the API. Each reaches only down.</summary>
public sealed partial class FloorsTests
{
    private static readonly string[] s_fromTheTop = ["Api", "Reconciling", "Chain", "Vaults", "Store", "Strategies", "Model"];

    [Fact]
    public void Namespaces_AsWritten_ReachOnlyDown()
    {
        string root = Path.Combine(RepositoryFiles.Root, "src", "Nosana.Deployments");
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string own = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)[0];
            if (own is "obj" or "bin") continue;
            int floor = Array.IndexOf(s_fromTheTop, own);
            Assert.True(floor >= 0, $"{file} stands on no floor: give it one");
            foreach (Match name in Used().Matches(File.ReadAllText(file)))
            {
                int used = Array.IndexOf(s_fromTheTop, name.Groups[1].Value);
                Assert.True(used >= floor, $"{file} names {name.Value}, which stands above it");
            }
        }
    }

    [GeneratedRegex(@"\bNosana\.Deployments\.([A-Z]\w*)")]
    private static partial Regex Used();
}
