using Nosana.Node.Retries;

namespace Nosana.Node.Market;

/// <summary>Whose fault a refusal is: it decides how soon the slot stops taking jobs.</summary>
internal enum RefusalCause
{
    /// <summary>This job asks for what the slot has not; the next one may not.</summary>
    Job,

    /// <summary>The host cannot serve any job now: no driver, engine down, disk full.</summary>
    Host,
}

/// <summary>
/// No black hole: <c>quit</c> locks a poster's deposit until he recovers it, and the queue is first in, first out, so a host
/// that cannot serve would drain it. After three refusals in a row, or at once when the host is the reason, the slot
/// stays out of the queue for a minute, doubling to an hour. A job that runs clears the count.
/// </summary>
internal sealed class RefusalPolicy(TimeProvider time)
{
    public const int RefusalsInARow = 3;

    private int _refusals;
    private int _backOffs;

    /// <summary>Why the slot is out of the queue and until when; null while it may queue. Read by status and metrics.</summary>
    public QueueBackOff? Current { get; private set; }

    public int RefusalsSoFar => _refusals;

    /// <summary>Counts a refusal; returns the back-off when this one takes the slot out of the queue.</summary>
    public QueueBackOff? Refused(RefusalCause cause, string reason)
    {
        _refusals++;
        if (cause == RefusalCause.Job && _refusals < RefusalsInARow) return null;
        TimeSpan length = RetryPipelines.QueueBackOff.WaitAfter(++_backOffs);
        Current = new QueueBackOff(cause, reason, _refusals, time.GetUtcNow() + length, length);
        return Current;
    }

    /// <summary>A job was served: the host is not a black hole.</summary>
    public void Served()
    {
        _refusals = 0;
        _backOffs = 0;
        Current = null;
    }

    /// <summary>The back-off has passed or its reason is gone. The next refusal backs off again at once, and longer.</summary>
    public void Resume()
    {
        Current = null;
        _refusals = RefusalsInARow - 1;
    }
}

/// <param name="Refusals">How many refusals in a row led to it.</param>
/// <param name="Until">When the slot queues again by itself.</param>
internal sealed record QueueBackOff(RefusalCause Cause, string Reason, int Refusals, DateTimeOffset Until, TimeSpan Length);
