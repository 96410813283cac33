namespace Nosana.Node.Hosting;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command failed, or the flow it ran did.</summary>
    public const int Failed = 1;

    /// <summary>Refused before anything started: bad input, a host that cannot serve it.</summary>
    public const int Refused = 2;

    /// <summary>Stopped by Ctrl-C or SIGTERM (128 + SIGINT, as shells say it).</summary>
    public const int Stopped = 130;
}
