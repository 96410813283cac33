namespace Nosana.Node.Ssh.Shells;

/// <summary>How many people may sit at terminals: a session costs this host and its engine a process each.</summary>
/// <param name="mostOfAJob">At terminals of one job.</param>
/// <param name="most">In all.</param>
internal sealed class ShellSeats(int mostOfAJob = ShellSeats.MostOfAJob, int most = ShellSeats.Most)
{
    public const int MostOfAJob = 10, Most = 100;

    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Sessions there are.</summary>
    public int Taken
    {
        get
        {
            lock (_lock) return _taken.Values.Sum();
        }
    }

    /// <returns>Null when none is free; else disposing it frees the seat.</returns>
    public IDisposable? TryTake(string job)
    {
        lock (_lock)
        {
            int ofJob = _taken.GetValueOrDefault(job);
            if (ofJob >= mostOfAJob || _taken.Values.Sum() >= most) return null;
            _taken[job] = ofJob + 1;
            return new Seat(this, job);
        }
    }

    private void Free(string job)
    {
        lock (_lock)
        {
            if (--_taken[job] == 0) _taken.Remove(job);
        }
    }

    private sealed class Seat(ShellSeats seats, string job) : IDisposable
    {
        private int _isFree;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isFree, 1) == 0) seats.Free(job);
        }
    }
}
