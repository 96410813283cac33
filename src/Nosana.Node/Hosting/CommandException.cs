namespace Nosana.Node.Hosting;

/// <summary>A command cannot be carried out; the message is for the person who typed it and says what to do.</summary>
/// <param name="message">One line.</param>
/// <param name="details">What it consists of, a line each; part of <see cref="Exception.Message"/>, too.</param>
internal sealed class CommandException(string message, IReadOnlyList<string> details, int exitCode = ExitCodes.Failed, Exception? inner = null)
    : Exception(string.Join('\n', [message, .. details]), inner)
{
    public CommandException(string message, int exitCode = ExitCodes.Failed, Exception? inner = null) : this(message, [], exitCode, inner)
    {
    }

    public int ExitCode { get; } = exitCode;

    /// <summary>The message, line by line: what a line holds may be a stranger's, and the line breaks are ours.</summary>
    public IReadOnlyList<string> Lines { get; } = [message, .. details];
}
