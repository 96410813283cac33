namespace Nosana.Node.Api.Authorization;

/// <summary>Signatures that were used a moment ago. Only genuine ones come here, so that an owner alone fills it, and with his own.</summary>
internal sealed class UsedSignatures(TimeProvider time)
{
    /// <summary>A minute of calls at the most that one client may make, many times over.</summary>
    private const int MostKept = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    /// <summary>False when it was used before, or too many others were.</summary>
    /// <param name="signature">Its bytes: no message has two signatures.</param>
    /// <param name="until">When it is of no use any more by itself.</param>
    public bool TryUse(ReadOnlySpan<byte> signature, DateTimeOffset until)
    {
        string key = Convert.ToBase64String(signature);
        lock (_lock)
        {
            if (_until.Count >= MostKept) Forget();
            return _until.Count < MostKept && _until.TryAdd(key, until);
        }
    }

    private void Forget()
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (string old in _until.Where(entry => entry.Value < now).Select(entry => entry.Key).ToArray()) _until.Remove(old);
    }
}
