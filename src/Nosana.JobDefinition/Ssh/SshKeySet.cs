namespace Nosana.JobDefinition.Ssh;

/// <summary>Different keys that may reach one job, those of its definition and those granted later together: no more than official hosts take.</summary>
public sealed class SshKeySet
{
    /// <summary>Different keys.</summary>
    public const int MaxKeys = 10;

    /// <summary>Characters of their lines.</summary>
    public const int MaxCharacters = 64 * 1024;

    private readonly List<SshPublicKey> _keys = [];
    private int _characters;

    public IReadOnlyList<SshPublicKey> Keys => _keys;

    /// <returns>Why it is left out, to follow "the line"; null when it is in the set.</returns>
    public string? Add(string? line) => SshPublicKey.TryParse(line, out SshPublicKey? key, out string? fault) ? Add(key) : fault;

    /// <returns>As above.</returns>
    public string? Add(SshPublicKey key)
    {
        if (_keys.Contains(key)) return null;
        if (_keys.Count == MaxKeys) return $"is one more than the {MaxKeys} keys of a job";
        int length = key.ToString().Length;
        if (_characters + length > MaxCharacters) return $"goes beyond the {MaxCharacters / 1024} KiB that the keys of a job may have";
        _characters += length;
        _keys.Add(key);
        return null;
    }
}
