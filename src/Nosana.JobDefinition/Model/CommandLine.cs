namespace Nosana.JobDefinition.Model;

/// <summary><c>cmd</c>: a text for the shell, or a list in exec form. Nothing is ever split into words.</summary>
public sealed record CommandLine
{
    private CommandLine(bool isShell, IReadOnlyList<string> words)
    {
        IsShell = isShell;
        Argv = words;
    }

    /// <summary>Written as one text.</summary>
    public bool IsShell { get; }

    /// <summary>What the engine gets: <c>/bin/sh -c TEXT</c> for a text (an empty one too), the list itself otherwise (may be empty).</summary>
    public IReadOnlyList<string> Argv { get; }

    /// <summary>A text for the shell.</summary>
    public static CommandLine Shell(string text) => new(true, ["/bin/sh", "-c", text]);

    /// <summary>Exec form.</summary>
    public static CommandLine Exec(IReadOnlyList<string> words) => new(false, words);
}
