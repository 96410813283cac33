namespace Nosana.Programs.Accounts;

/// <summary>
/// The state stored in a job account. There is no stored "running": a queued job is running when a <see cref="RunAccount"/> names it.
/// </summary>
public enum JobState : byte
{
    Queued = 0,
    Done = 2,
    Stopped = 3,
}
