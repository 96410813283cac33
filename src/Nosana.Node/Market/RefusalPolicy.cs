using System.Text.Json;
using System.Text.Json.Serialization;
using Nosana.Node.Journal;
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
/// stays out of the queue for a minute, doubling to an hour. A job that runs clears the count. The journal has it, so that a host that crashes and starts
/// again does not begin to drain the queue anew.
/// </summary>
internal sealed class RefusalPolicy
{
    public const int RefusalsInARow = 3;

    private const string Fact = "refusals";

    private readonly TimeProvider _time;
    private readonly JournalStore _journal;
    private int _refusals;
    private int _backOffs;

    public RefusalPolicy(TimeProvider time, JournalStore journal)
    {
        _time = time;
        _journal = journal;
        if (journal.FindFact(Fact) is not { } json || RefusalMemory.Read(json) is not { } memory) return;
        (_refusals, _backOffs) = (memory.Refusals, memory.BackOffs);
        // A clock that was put back meanwhile must not keep the host away for longer than the back-off is.
        if (memory.BackOff is { } backOff)
            Current = time.GetUtcNow() + backOff.Length is var longest && longest < backOff.Until ? backOff with { Until = longest } : backOff;
    }

    /// <summary>Why the slot is out of the queue and until when; null while it may queue. Read by status and metrics.</summary>
    public QueueBackOff? Current { get; private set; }

    public int RefusalsSoFar => _refusals;

    /// <summary>Counts a refusal; returns the back-off when this one takes the slot out of the queue.</summary>
    public QueueBackOff? Refused(RefusalCause cause, string reason)
    {
        _refusals++;
        bool isEnough = cause == RefusalCause.Host || _refusals >= RefusalsInARow;
        if (isEnough)
        {
            TimeSpan length = RetryPipelines.QueueBackOff.WaitAfter(++_backOffs);
            Current = new QueueBackOff(cause, reason, _refusals, _time.GetUtcNow() + length, length);
        }
        Remember();
        return isEnough ? Current : null;
    }

    /// <summary>A job was served: the host is not a black hole.</summary>
    public void Served()
    {
        if (_refusals == 0 && Current is null) return;
        _refusals = 0;
        _backOffs = 0;
        Current = null;
        Remember();
    }

    /// <summary>The back-off has passed or its reason is gone. The next refusal backs off again at once, and longer.</summary>
    public void Resume()
    {
        Current = null;
        _refusals = RefusalsInARow - 1;
        Remember();
    }

    private void Remember()
    {
        try
        {
            _journal.SaveFact(Fact, _refusals == 0 && Current is null ? null : new RefusalMemory(_refusals, _backOffs, Current).Write());
        }
        catch (JournalFullException)
        {
            // A disk that is full is a reason to leave the queue, and must not keep the host in it: the count goes on in memory.
        }
    }
}

/// <param name="Refusals">How many refusals in a row led to it.</param>
/// <param name="Until">When the slot queues again by itself.</param>
internal sealed record QueueBackOff(RefusalCause Cause, string Reason, int Refusals, DateTimeOffset Until, TimeSpan Length);

/// <summary>What a host remembers of its refusals over a restart.</summary>
internal sealed record RefusalMemory(int Refusals, int BackOffs, QueueBackOff? BackOff)
{
    /// <returns>Null for what another version wrote: the count begins anew.</returns>
    public static RefusalMemory? Read(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RefusalJson.Default.RefusalMemory);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, RefusalJson.Default.RefusalMemory);
}

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RefusalMemory))]
internal sealed partial class RefusalJson : JsonSerializerContext;
