namespace Nosana.Node.Logs;

/// <summary>
/// Passes on what a new attachment brings beyond what is stored. An attachment begins somewhat before the newest stored entry;
/// each stream is skipped up to that entry, which must itself turn up: when it does not, the engine has rotated it away and
/// what lay between may be lost.
/// </summary>
internal sealed class LogOverlap
{
    private readonly LogEntrySink _next;
    private readonly Action _gap;
    private StreamOverlap _stdout;
    private StreamOverlap _stderr;

    /// <param name="stdout">Newest stored entry of stdout.</param>
    /// <param name="stderr">Newest stored entry of stderr.</param>
    /// <param name="since">What the attachment was asked from; older positions cannot turn up again.</param>
    /// <param name="next">Takes what is new.</param>
    /// <param name="gap">Called before the first new entry of a stream whose newest stored entry did not turn up.</param>
    public LogOverlap(LogPosition? stdout, LogPosition? stderr, long since, LogEntrySink next, Action gap)
    {
        _next = next;
        _gap = gap;
        _stdout = new StreamOverlap(stdout, since);
        _stderr = new StreamOverlap(stderr, since);
    }

    public void Entry(LogStream stream, long timestampNanoseconds, ReadOnlySpan<byte> text, bool continues)
    {
        ref StreamOverlap overlap = ref stream == LogStream.Stdout ? ref _stdout : ref _stderr;
        if (!overlap.Skips(timestampNanoseconds, out bool gap))
        {
            if (gap) _gap();
            _next(stream, timestampNanoseconds, text, continues);
        }
    }

    private struct StreamOverlap(LogPosition? stored, long since)
    {
        private readonly LogPosition _stored = stored ?? default;
        private readonly bool _expected = stored is { } position && position.TimestampNanoseconds >= since;
        private bool _over = stored is null;
        private int _seen;

        public bool Skips(long timestamp, out bool gap)
        {
            gap = false;
            if (_over) return false;
            if (timestamp < _stored.TimestampNanoseconds) return true;
            if (timestamp == _stored.TimestampNanoseconds && _seen < _stored.Entries)
            {
                _seen++;
                return true;
            }
            _over = true;
            gap = _expected && _seen == 0;
            return false;
        }
    }
}
