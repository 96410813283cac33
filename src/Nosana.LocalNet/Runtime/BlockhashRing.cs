using System.Buffers.Binary;
using System.Security.Cryptography;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>
/// The blockhashes that a transaction may name: one a slot, each valid for 150 slots. A hash follows from the genesis hash and its slot,
/// so an idle network needs no timer to make them.
/// </summary>
internal sealed class BlockhashRing(PublicKey genesisHash)
{
    /// <summary>Blocks for which a blockhash is accepted (<c>MAX_PROCESSING_AGE</c>).</summary>
    public const int MaxAge = 150;

    private readonly Dictionary<PublicKey, ulong> _slots = [];
    private readonly Queue<PublicKey> _order = [];
    private ulong _last;

    public PublicKey At(ulong slot)
    {
        Span<byte> seed = stackalloc byte[PublicKey.Length + sizeof(ulong)];
        genesisHash.CopyTo(seed);
        BinaryPrimitives.WriteUInt64LittleEndian(seed[PublicKey.Length..], slot);
        return new PublicKey(SHA256.HashData(seed));
    }

    /// <summary>The slot a hash belongs to, when it is still valid at <paramref name="now"/>.</summary>
    public ulong? FindValid(PublicKey hash, ulong now)
    {
        Advance(now);
        return _slots.TryGetValue(hash, out ulong slot) ? slot : null;
    }

    private void Advance(ulong now)
    {
        if (now <= _last) return;
        ulong oldest = now > MaxAge ? now - MaxAge : 0;
        for (ulong slot = Math.Max(_last + 1, oldest); slot <= now; slot++)
        {
            PublicKey hash = At(slot);
            _slots[hash] = slot;
            _order.Enqueue(hash);
        }
        while (_order.Count > 0 && _slots[_order.Peek()] < oldest) _slots.Remove(_order.Dequeue());
        _last = now;
    }
}
