namespace Nosana.Node.Logs;

/// <summary>Where a line came from. The numbers stand on disk and never change.</summary>
internal enum LogStream : byte
{
    Stdout = 1,
    Stderr = 2,

    /// <summary>Said by this node about the operation, not printed by its container.</summary>
    NodeError = 3,
}

/// <summary>Names of <see cref="LogStream"/> in a result.</summary>
internal static class LogStreamNames
{
    /// <summary>The entry's <c>type</c> in a result: <c>stdout</c>, <c>stderr</c> or <c>nodeerr</c>.</summary>
    public static string ToName(this LogStream stream) => stream switch
    {
        LogStream.Stdout => "stdout",
        LogStream.Stderr => "stderr",
        LogStream.NodeError => "nodeerr",
        _ => throw new ArgumentOutOfRangeException(nameof(stream), stream, "Not a log stream."),
    };
}
