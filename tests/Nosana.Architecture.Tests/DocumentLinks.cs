using System.Text.RegularExpressions;

namespace Nosana.Architecture.Tests;

/// <summary>Links of a Markdown document to files and folders of the repository.</summary>
internal static partial class DocumentLinks
{
    /// <summary>One sentence per link that leads nowhere, with its line and the path that is most like it.</summary>
    /// <param name="document">Its path, from which its links lead.</param>
    /// <param name="paths">What there is.</param>
    public static IReadOnlyList<string> Faults(string document, string text, IReadOnlyCollection<string> paths)
    {
        var known = paths.ToHashSet(StringComparer.Ordinal);
        string folder = Path.GetDirectoryName(document)!;
        return
        [
            .. from line in text.Split('\n').Index()
               from Match match in Link().Matches(line.Item)
               let target = Repository.Relative(Path.Combine(Repository.Root, folder, match.Groups["target"].Value)).TrimEnd('/')
               where !match.Value.Contains(':', StringComparison.Ordinal) && !known.Contains(target)
               select $"{document}:{line.Index + 1}: {target} does not exist; nearest: {paths.MinBy(path => Distance(path, target))}",
        ];
    }

    /// <summary>A file that was moved keeps its name, one that was renamed its folder: the name counts as much as all of the path.</summary>
    private static int Distance(string path, string other) => Edits(path, other) + 2 * Edits(Path.GetFileName(path), Path.GetFileName(other));

    /// <summary>Levenshtein's distance.</summary>
    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 0; i < from.Length; i++)
        {
            int corner = row[0]++;
            for (int j = 0; j < to.Length; j++)
            {
                int replaced = corner + (from[i] == to[j] ? 0 : 1);
                corner = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], corner) + 1);
            }
        }
        return row[^1];
    }

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
