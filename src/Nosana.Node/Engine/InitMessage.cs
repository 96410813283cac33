using System.Text.RegularExpressions;

namespace Nosana.Node.Engine;

/// <summary>The last words of the engine's init (tini) when it cannot run the command: <c>[FATAL tini (7)] exec x failed: No such file or directory</c>.</summary>
internal static partial class InitMessage
{
    /// <summary>What it says after its own name; null when the text is not its.</summary>
    public static string? Read(string line)
    {
        Match match = Pattern().Match(line);
        return match.Success ? match.Groups["message"].Value : null;
    }

    [GeneratedRegex(@"\A\[FATAL tini \(\d+\)\] (?<message>exec .* failed: .*?)\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
