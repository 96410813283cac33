using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>
/// The transactions that landed, by signature, by address and by slot; the oldest leave when there are too many. Not thread-safe: the bank guards it.
/// </summary>
/// <param name="firstSlot">What landed before it is not here.</param>
internal sealed class Ledger(int capacity, ulong firstSlot)
{
    private readonly Dictionary<string, LandedTransaction> _bySignature = [];
    private readonly Dictionary<PublicKey, Queue<LandedTransaction>> _byAddress = [];
    private readonly Dictionary<ulong, Queue<LandedTransaction>> _bySlot = [];
    private readonly Queue<LandedTransaction> _order = [];

    /// <summary>The oldest slot of which every transaction is here.</summary>
    public ulong FirstSlot { get; private set; } = firstSlot;

    /// <summary>Transactions that ever landed.</summary>
    public ulong Count { get; private set; }

    public bool TryFind(string signature, [NotNullWhen(true)] out LandedTransaction? transaction) => _bySignature.TryGetValue(signature, out transaction);

    public void Add(LandedTransaction transaction)
    {
        _bySignature[transaction.Signature] = transaction;
        _order.Enqueue(transaction);
        (CollectionsMarshal.GetValueRefOrAddDefault(_bySlot, transaction.Result.Clock.Slot, out _) ??= []).Enqueue(transaction);
        foreach (PublicKey key in transaction.Result.Message.Keys)
            (CollectionsMarshal.GetValueRefOrAddDefault(_byAddress, key, out _) ??= []).Enqueue(transaction);
        Count++;
        if (_order.Count > capacity) Forget(_order.Dequeue());
    }

    /// <summary>Transactions that name an address, newest first.</summary>
    public IReadOnlyList<LandedTransaction> Of(PublicKey address) =>
        _byAddress.TryGetValue(address, out Queue<LandedTransaction>? queue) ? [.. queue.Reverse()] : [];

    /// <summary>Transactions of a slot in the order in which they landed.</summary>
    public IReadOnlyCollection<LandedTransaction> At(ulong slot) => _bySlot.TryGetValue(slot, out Queue<LandedTransaction>? queue) ? queue : [];

    private void Forget(LandedTransaction oldest)
    {
        _bySignature.Remove(oldest.Signature);
        FirstSlot = oldest.Result.Clock.Slot + 1;
        // The oldest of all is the oldest of its slot and of each of its addresses too.
        Queue<LandedTransaction> block = _bySlot[oldest.Result.Clock.Slot];
        block.Dequeue();
        if (block.Count == 0) _bySlot.Remove(oldest.Result.Clock.Slot);
        foreach (PublicKey key in oldest.Result.Message.Keys)
        {
            Queue<LandedTransaction> queue = _byAddress[key];
            queue.Dequeue();
            if (queue.Count == 0) _byAddress.Remove(key);
        }
    }
}

/// <summary>A transaction of the ledger.</summary>
/// <param name="Signature">The first signature, in base58.</param>
/// <param name="Wire">As it was sent.</param>
/// <param name="Result">What it did.</param>
internal sealed record LandedTransaction(string Signature, WireTransaction Wire, TransactionResult Result);
