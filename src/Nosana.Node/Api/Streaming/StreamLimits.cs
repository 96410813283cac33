namespace Nosana.Node.Api.Streaming;

/// <summary>How many may watch: of one job, and in all.</summary>
internal sealed class StreamLimits(ApiOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _ofJobs = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>A place among those who watch a job, given back when it is disposed; null when all are taken.</summary>
    public IDisposable? TryEnter(string job)
    {
        lock (_lock)
        {
            int there = _ofJobs.GetValueOrDefault(job);
            if (there >= options.StreamsPerJob || _all >= options.Streams) return null;
            _ofJobs[job] = there + 1;
            _all++;
            return new Seat(this, job);
        }
    }

    private void Leave(string job)
    {
        lock (_lock)
        {
            _all--;
            if (--_ofJobs[job] == 0) _ofJobs.Remove(job);
        }
    }

    private sealed class Seat(StreamLimits limits, string job) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) limits.Leave(job);
        }
    }
}
