namespace Nosana.Node.Ssh;

/// <summary>Whether there is SSH into jobs on this host.</summary>
internal sealed class SshAvailability
{
    private volatile string? _off = "it has not been started";

    /// <summary>Why there is none, to follow "there is no SSH:"; null while there is.</summary>
    public string? Off
    {
        get => _off;
        set => _off = value;
    }
}
