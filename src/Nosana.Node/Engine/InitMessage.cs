using System.Text.RegularExpressions;

namespace Nosana.Node.Engine;

/// <summary>
/// The last words of the engine's init when it cannot run the command: <c>[FATAL tini (7)] exec x failed: No such file or directory</c> of Docker's,
/// <c>ERROR (catatonit:2): failed to exec pid1: No such file or directory</c> of Podman's.
/// </summary>
internal static partial class InitMessage
{
    /// <summary>With which it ends then: as a shell does, or with 1.</summary>
    public static bool IsItsExit(long exitCode) => exitCode is 1 or 126 or 127;

    /// <summary>What it says after its own name; null when the text is not its.</summary>
    public static string? Read(string line)
    {
        Match match = Pattern().Match(line);
        return match.Success ? match.Groups["message"].Value : null;
    }

    [GeneratedRegex(@"\A(\[FATAL tini \(\d+\)\] |ERROR \(catatonit:\d+\): failed to )(?<message>exec .*?)\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
