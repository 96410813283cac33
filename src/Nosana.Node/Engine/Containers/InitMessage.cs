using System.Text.RegularExpressions;

namespace Nosana.Node.Engine.Containers;

/// <summary>
/// The last words of the engine's init when it cannot run the command: <c>[FATAL tini (7)] exec x failed: No such file or directory</c> of Docker's,
/// <c>ERROR (catatonit:2): failed to exec pid1: No such file or directory</c> of Podman's.
/// </summary>
internal static partial class InitMessage
{
    /// <summary>No words of it are longer.</summary>
    public const int MaxBytes = 16 << 10;

    /// <summary>With which it ends then: as a shell does, or with 1.</summary>
    public static bool IsItsExit(long exitCode) => exitCode is 1 or 126 or 127;

    /// <summary>What it says after its own name; null when the output does not end with words of its.</summary>
    public static string? Read(string output)
    {
        Match match = Pattern().Match(output);
        return match.Success ? match.Groups["message"].Value.TrimEnd() : null;
    }

    [GeneratedRegex(@"^(\[FATAL tini \(\d+\)\] |ERROR \(catatonit:\d+\): failed to )(?<message>exec .*)\n?\z",
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
