using Nosana.Node.Chain;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Journal;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Hosting;

/// <summary>Who this host is, and that there is one of it: its key, the locks of state directory and key, the journal.</summary>
internal sealed class HostIdentity : IDisposable
{
    private readonly StateLock _stateLock;
    private readonly KeyLock _keyLock;

    private HostIdentity(LoadedKey key, StateLock stateLock, KeyLock keyLock, JournalStore journal)
    {
        Wallet = new HostWallet(key.Account);
        KeyWarning = key.Warning;
        _stateLock = stateLock;
        _keyLock = keyLock;
        Journal = journal;
    }

    public HostWallet Wallet { get; }

    /// <summary>What was found, and mended, at the key file; null for nothing.</summary>
    public string? KeyWarning { get; }

    public JournalStore Journal { get; }

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
            stateLock = StateLock.Acquire(Path.Combine(state, "agent.lock"), $"the state directory {state}");
            keyLock = KeyLock.Acquire(key.Account.PublicKey);
            return new HostIdentity(key, stateLock, keyLock, JournalStore.Open(Path.Combine(state, "journal.db"), TimeProvider.System));
        }
        catch
        {
            keyLock?.Dispose();
            stateLock?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Journal.Dispose();
        _keyLock.Dispose();
        _stateLock.Dispose();
    }
}
