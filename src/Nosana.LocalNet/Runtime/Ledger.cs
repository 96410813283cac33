using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>The transactions that landed, by signature and by address; the oldest leave when there are too many. Not thread-safe: the bank guards it.</summary>
internal sealed class Ledger(int capacity)
{
    private readonly Dictionary<string, LandedTransaction> _bySignature = [];
    private readonly Dictionary<PublicKey, Queue<LandedTransaction>> _byAddress = [];
    private readonly Queue<LandedTransaction> _order = [];

    /// <summary>Transactions that ever landed.</summary>
    public ulong Count { get; private set; }

    public bool TryFind(string signature, [NotNullWhen(true)] out LandedTransaction? transaction) => _bySignature.TryGetValue(signature, out transaction);

    public void Add(LandedTransaction transaction)
    {
        _bySignature[transaction.Signature] = transaction;
        _order.Enqueue(transaction);
        foreach (PublicKey key in transaction.Result.Message.Keys) (CollectionsMarshal.GetValueRefOrAddDefault(_byAddress, key, out _) ??= []).Enqueue(transaction);
        Count++;
        if (_order.Count > capacity) Forget(_order.Dequeue());
    }

    /// <summary>Transactions that name an address, newest first.</summary>
    public IReadOnlyList<LandedTransaction> Of(PublicKey address) => _byAddress.TryGetValue(address, out Queue<LandedTransaction>? queue) ? [.. queue.Reverse()] : [];

    private void Forget(LandedTransaction oldest)
    {
        _bySignature.Remove(oldest.Signature);
        // The oldest of all is the oldest of each of its addresses too.
        foreach (PublicKey key in oldest.Result.Message.Keys)
        {
            Queue<LandedTransaction> queue = _byAddress[key];
            queue.Dequeue();
            if (queue.Count == 0) _byAddress.Remove(key);
        }
    }
}
