using System.Collections.Concurrent;
using Nosana.Ipfs;
using Nosana.Ipfs.UnixFs;

namespace Nosana.LocalNet.Content;

/// <summary>What was pinned, by its identifier, byte for byte.</summary>
public sealed class IpfsStore
{
    /// <summary>The empty file, which nodes of IPFS have from their first start: clients ask for it to see whether a gateway works.</summary>
    private static readonly (Cid Cid, Pin Pin) Empty = (UnixFsNode.CidOf([]), new Pin(ReadOnlyMemory<byte>.Empty, DateTimeOffset.UnixEpoch, null));

    private readonly ConcurrentDictionary<Cid, Pin> _pins = [];

    /// <summary>Told of everything new, for persistence.</summary>
    internal event Action<Cid, Pin>? Added;

    public int Count => _pins.Count;

    /// <summary>Keeps the bytes as they are; pinning the same twice changes nothing.</summary>
    /// <returns>The identifier of version 0 that every adder gives these bytes.</returns>
    public Cid Add(ReadOnlyMemory<byte> content, DateTimeOffset at, string? contentType = null)
    {
        Cid cid = UnixFsNode.CidOf(content.Span);
        var pin = new Pin(content, at, contentType);
        if (_pins.TryAdd(cid, pin)) Added?.Invoke(cid, pin);
        return cid;
    }

    public Pin? Find(Cid cid) => _pins.GetValueOrDefault(cid) ?? (cid == Empty.Cid ? Empty.Pin : null);

    /// <summary>Loses a file, until it is pinned again.</summary>
    public void Remove(Cid cid) => _pins.TryRemove(cid, out _);

    internal void Restore(Cid cid, Pin pin) => _pins[cid] = pin;
}

/// <summary>A pinned file.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="PinnedAt">When it was pinned first.</param>
/// <param name="ContentType">As it was sent; null when unknown.</param>
public sealed record Pin(ReadOnlyMemory<byte> Content, DateTimeOffset PinnedAt, string? ContentType);
