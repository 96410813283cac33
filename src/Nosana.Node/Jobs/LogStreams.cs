using Nosana.Node.Logs;

namespace Nosana.Node.Jobs;

/// <summary>Log streams in the words of the flow state.</summary>
internal static class LogStreams
{
    public static string Word(LogStream stream) => stream switch
    {
        LogStream.Stdin => "stdin",
        LogStream.Stdout => "stdout",
        LogStream.Stderr => "stderr",
        _ => "nodeerr",
    };
}
