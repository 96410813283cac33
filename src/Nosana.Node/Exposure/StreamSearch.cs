namespace Nosana.Node.Exposure;

/// <summary>Looks for a text in bytes that come in pieces, in a time that grows with them alone, however they are cut (Knuth, Morris and Pratt).</summary>
internal sealed class StreamSearch
{
    private readonly byte[] _wanted;

    /// <summary>Of each beginning of the text, how long its longest end is that is a beginning, too.</summary>
    private readonly int[] _borders;

    private int _matched;

    public StreamSearch(byte[] wanted)
    {
        _wanted = wanted;
        _borders = new int[wanted.Length];
        for (int at = 1, border = 0; at < wanted.Length; at++)
        {
            while (border > 0 && wanted[at] != wanted[border]) border = _borders[border - 1];
            if (wanted[at] == wanted[border]) border++;
            _borders[at] = border;
        }
    }

    /// <returns>Whether the text has been seen.</returns>
    public bool Add(ReadOnlySpan<byte> bytes)
    {
        foreach (byte next in bytes)
        {
            if (_matched == _wanted.Length) break;
            while (_matched > 0 && next != _wanted[_matched]) _matched = _borders[_matched - 1];
            if (next == _wanted[_matched]) _matched++;
        }
        return _matched == _wanted.Length;
    }
}
