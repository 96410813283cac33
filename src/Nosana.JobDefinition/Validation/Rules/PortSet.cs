namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>Numbers and ranges of one list, in any number: a stranger's list must not take quadratic time.</summary>
internal sealed class PortSet
{
    private readonly HashSet<double> _numbers = [];
    private readonly List<(double First, double Last)> _ranges = [];

    // Written the wrong way round, a range holds nothing; it only clashes with one that has both its ends inside.
    private readonly List<(double First, double Last)> _reversed = [];

    /// <summary>False when the number is there already (0 and -0 are the same).</summary>
    public bool Add(double number) => _numbers.Add(number + 0.0);

    public void Add(double first, double last) => (first <= last ? _ranges : _reversed).Add((first, last));

    /// <summary>No two ranges overlap and no number lies in one.</summary>
    public bool IsDisjoint()
    {
        if (_ranges.Count == 0) return true;
        _ranges.Sort();
        for (int i = 1; i < _ranges.Count; i++)
            if (_ranges[i].First <= _ranges[i - 1].Last) return false;
        return !_numbers.Any(n => Holds(n, n)) && !_reversed.Any(r => Holds(r.Last, r.First));
    }

    /// <summary>Some range has both inside; ranges are sorted and do not overlap.</summary>
    private bool Holds(double low, double high)
    {
        int at = _ranges.BinarySearch((low, double.PositiveInfinity));
        if (at < 0) at = ~at - 1;
        return at >= 0 && high <= _ranges[at].Last;
    }
}
