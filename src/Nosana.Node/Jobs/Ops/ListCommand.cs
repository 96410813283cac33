using System.Buffers;
using System.Text.Encodings.Web;
using Nosana.JobDefinition.Model;

namespace Nosana.Node.Jobs.Ops;

/// <summary>
/// A <c>cmd</c> that is a list: a program and its arguments, which no shell reads. Written like a line for a shell it names no program that could
/// be found, and ends with <see cref="State.ExitStatus.CommandNotFound"/>.
/// </summary>
internal static class ListCommand
{
    /// <summary>Characters of a line that are repeated to its author.</summary>
    private const int MostQuoted = 200;

    private static readonly SearchValues<char> ShellCharacters = SearchValues.Create(" \t\n&|;<>$`");

    private static readonly HashSet<string> Operators = ["&&", "||", "|", "|&", ";", "&", ">", ">>", "<", "<<", "2>&1", "2>", "&>"];

    private static readonly HashSet<string> Builtins =
        [".", "[[", "alias", "case", "cd", "eval", "exec", "export", "for", "if", "set", "source", "ulimit", "umask", "unset", "until", "while"];

    /// <returns>What the author of such a list is told, and what to write; null for every other command.</returns>
    public static string? HintFor(ContainerRunArgs args)
    {
        // With an entrypoint of the definition's the list is its arguments.
        if (args.Cmd is not { IsShell: false, Argv: { Count: > 0 } words } || args.Entrypoint is { Count: > 0 } || !IsLikeShellLine(words)) return null;
        string line = string.Join(' ', words);
        if (line.Length > MostQuoted) line = line[..MostQuoted] + "...";
        string text = $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(line)}\"";
        return "cmd is a list, and a list is not run by a shell: its first item is the program and the others are its arguments, as they are. "
            + $"A line for a shell is written as one text, \"cmd\": {text}, or the shell is named, \"cmd\": [\"/bin/sh\", \"-c\", {text}].";
    }

    private static bool IsLikeShellLine(IReadOnlyList<string> words) =>
        words[0].AsSpan().IndexOfAny(ShellCharacters) >= 0
        || Builtins.Contains(words[0])
        || (words[0].Contains('=') && !words[0].Contains('/'))
        || words.Any(Operators.Contains);
}
