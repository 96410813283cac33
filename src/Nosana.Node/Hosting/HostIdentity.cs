using Nosana.Node.Chain;
using Nosana.Node.Files;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Journal;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Hosting;

/// <summary>Who this host is, and that there is one of it: its key, the locks of state directory and key, the journal.</summary>
internal sealed class HostIdentity : IDisposable
{
    private readonly StateLock _stateLock;
    private readonly KeyLock _keyLock;

    /// <summary>How the names of what an agent keeps in its state directory begin; the key of the official images and of the unit lies there, too.</summary>
    private static readonly string[] s_kept =
        ["agent.lock", "journal.db", "status.json", "control.sock", "ssh", "deadlines", "logs", "downloads", "nosana_key.json"];

    private HostIdentity(LoadedKey key, StateLock stateLock, KeyLock keyLock, JournalStore journal, string? stateWarning)
    {
        Wallet = new HostWallet(key.Account);
        string? damaged = journal.SetAside is { } aside
            ? $"The journal was damaged and is set aside as {aside}. What runs is found on chain and by its containers' labels; "
                + "results that were not published are lost."
            : null;
        Warnings = [.. new[] { key.Warning, keyLock.Warning, stateWarning, damaged }.OfType<string>()];
        _stateLock = stateLock;
        _keyLock = keyLock;
        Journal = journal;
    }

    public HostWallet Wallet { get; }

    /// <summary>What was found, and mended, at the key file and the state directory.</summary>
    public IReadOnlyList<string> Warnings { get; }

    public JournalStore Journal { get; }

    /// <summary>Held by the agent that runs there.</summary>
    public static string LockFile(string stateDirectory) => Path.Combine(stateDirectory, "agent.lock");

    public static string JournalFile(string stateDirectory) => Path.Combine(stateDirectory, "journal.db");

    /// <exception cref="KeyFileException">There is no usable key.</exception>
    /// <exception cref="JournalException">Another process has the state directory or the key, or the journal cannot be used.</exception>
    public static HostIdentity Take(NodeSettings settings)
    {
        string state = settings.StateDirectory;
        LoadedKey key = KeyFile.Load(settings.KeyFile);
        StateLock? stateLock = null;
        KeyLock? keyLock = null;
        try
        {
            string? stateWarning = Claim(state);
            stateLock = StateLock.Acquire(LockFile(state), $"the state directory {state}");
            keyLock = KeyLock.Acquire(settings.KeyFile, key.Account.PublicKey);
            return new HostIdentity(key, stateLock, keyLock, JournalStore.Open(JournalFile(state), TimeProvider.System), stateWarning);
        }
        catch
        {
            keyLock?.Dispose();
            stateLock?.Dispose();
            throw;
        }
    }

    private static string? Claim(string state)
    {
        try
        {
            return PrivateFiles.Claim(state, s_kept);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"The state directory {state} cannot be made or looked into: {e.Message} Check its owner, or choose another.", e);
        }
    }

    public void Dispose()
    {
        Journal.Dispose();
        _keyLock.Dispose();
        _stateLock.Dispose();
    }
}
