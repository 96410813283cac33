namespace Nosana.Node.Cli.Output;

/// <summary>How log lines are written to the console.</summary>
internal enum LogFormat
{
    /// <summary><see cref="Journald"/> under systemd, else <see cref="Text"/>.</summary>
    Auto,

    /// <summary>Readable, coloured on a terminal.</summary>
    Text,

    /// <summary>Priority prefixes, no time: the journal has its own.</summary>
    Journald,

    /// <summary>One JSON object a line, in the compact form of Serilog (@t, @m, @l, @x and properties).</summary>
    Json,
}
