using Nosana.Node.Jobs.State;

namespace Nosana.Node.Api.Streaming;

/// <summary>What an operation went through, in the words of the official host: each run of it has a start and an end.</summary>
internal sealed class OpEvents(string op)
{
    private readonly Lock _lock = new();
    private readonly List<OpEvent> _events = [];
    private long? _started, _ended;

    /// <summary>The one after so many; null while there is none.</summary>
    public OpEvent? After(int told)
    {
        lock (_lock) return told < _events.Count ? _events[told] : null;
    }

    /// <param name="state">Of the operation now.</param>
    /// <returns>Whether there is anything new.</returns>
    public bool Look(OpState state)
    {
        lock (_lock)
        {
            int before = _events.Count;
            if (state.StartTime is { } start && start != _started) Start(start);
            if (state.EndTime is { } end && end != _ended && _started is not null) End(end, state.Status);
            return _events.Count > before;
        }
    }

    private void Start(long time)
    {
        _started = time;
        _events.Add(new OpEvent(time, "info", $"Operation Started: {op}", IsEnd: false));
    }

    private void End(long time, string? status)
    {
        _ended = time;
        _events.Add(status == FlowStatus.Failed
            ? new OpEvent(time, "error", $"Operation Failed: {op}", IsEnd: true)
            : new OpEvent(time, "info", $"{(status == FlowStatus.Stopped ? "Operation Stopped" : "Operation Completed")}: {op}", IsEnd: true));
    }
}

/// <param name="Time">Unix milliseconds.</param>
/// <param name="Type">info or error.</param>
/// <param name="Text">For a person.</param>
/// <param name="IsEnd">It comes after the output.</param>
internal sealed record OpEvent(long Time, string Type, string Text, bool IsEnd);
