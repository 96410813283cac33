namespace Nosana.Node.Hosting;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command failed, or the flow it ran or waited for did.</summary>
    public const int Failed = 1;

    /// <summary>Refused before anything started: bad input, a host that cannot serve it.</summary>
    public const int Refused = 2;

    /// <summary>The job that was waited for was stopped before its work was done, by its poster or its host.</summary>
    public const int JobStopped = 3;

    /// <summary>The job that was waited for was given back by its host: its deposit waits to be recovered.</summary>
    public const int JobGivenBack = 4;

    /// <summary>Stopped by Ctrl-C or SIGTERM (128 + SIGINT, as shells say it).</summary>
    public const int Stopped = 130;
}
