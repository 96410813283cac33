namespace Nosana.Node.Hosting;

/// <summary>A command cannot be carried out; the message is for the person who typed it and says what to do.</summary>
internal sealed class CommandException(string message, int exitCode = ExitCodes.Failed, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
