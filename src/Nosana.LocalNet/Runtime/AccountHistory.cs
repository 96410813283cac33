using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>What accounts were before the changes of the last slots, so that a node can be shown that is behind. Not thread-safe: the bank guards it.</summary>
internal sealed class AccountHistory(ulong slots)
{
    private readonly Queue<(ulong Slot, PublicKey Key, AccountState? Before)> _changes = [];

    public void Add(ulong slot, PublicKey key, AccountState? before)
    {
        _changes.Enqueue((slot, key, before));
        while (_changes.Peek().Slot + slots < slot) _changes.Dequeue();
    }

    /// <summary>Accounts that were different at a slot, and what they were; null for those that did not exist.</summary>
    public IReadOnlyDictionary<PublicKey, AccountState?> DifferencesAt(ulong slot)
    {
        var differences = new Dictionary<PublicKey, AccountState?>();
        foreach ((ulong changed, PublicKey key, AccountState? before) in _changes)
            if (changed > slot) differences.TryAdd(key, before);
        return differences;
    }
}
