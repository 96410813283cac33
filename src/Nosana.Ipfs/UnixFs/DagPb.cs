namespace Nosana.Ipfs.UnixFs;

/// <summary>
/// The two shapes of node a file needs, in the canonical order of the dag-pb specification: links before data.
/// PBNode {Links = 2, Data = 1}, PBLink {Hash = 1, Name = 2, Tsize = 3}, UnixFS Data {Type = 1, Data = 2, filesize = 3, blocksizes = 4}.
/// </summary>
internal static class DagPb
{
    private const byte UnixFsTypeFile = 2;
    private const byte NodeDataTag = 0x0a, NodeLinkTag = 0x12;
    private const byte LinkHashTag = 0x0a, LinkNameTag = 0x12, LinkSizeTag = 0x18;
    private const byte TypeTag = 0x08, ContentTag = 0x12, FileSizeTag = 0x18, BlockSizeTag = 0x20;

    /// <summary>A leaf: its UnixFS message carries the bytes; an empty file has no content field.</summary>
    public static byte[] EncodeLeaf(ReadOnlySpan<byte> content)
    {
        ulong length = (ulong)content.Length;
        int contentField = content.IsEmpty ? 0 : 1 + VarintLength(length) + content.Length;
        int message = 2 + contentField + 1 + VarintLength(length);
        var block = new byte[1 + VarintLength((ulong)message) + message];
        Span<byte> rest = block;
        Put(ref rest, NodeDataTag, (ulong)message);
        Put(ref rest, TypeTag, UnixFsTypeFile);
        if (!content.IsEmpty)
        {
            Put(ref rest, ContentTag, length);
            content.CopyTo(rest);
            rest = rest[content.Length..];
        }
        Put(ref rest, FileSizeTag, length);
        return block;
    }

    /// <summary>An inner node: nameless links, and a UnixFS message of the sizes below each.</summary>
    public static byte[] EncodeParent(IReadOnlyList<DagLink> links)
    {
        int linkFields = 0, message = 2;
        ulong fileSize = 0;
        foreach (DagLink link in links)
        {
            int body = LinkLength(link);
            linkFields += 1 + VarintLength((ulong)body) + body;
            message += 1 + VarintLength(link.FileSize);
            fileSize += link.FileSize;
        }
        message += 1 + VarintLength(fileSize);

        var block = new byte[linkFields + 1 + VarintLength((ulong)message) + message];
        Span<byte> rest = block;
        foreach (DagLink link in links)
        {
            Put(ref rest, NodeLinkTag, (ulong)LinkLength(link));
            Put(ref rest, LinkHashTag, Cid.MultihashLength);
            link.Cid.CopyMultihashTo(rest);
            rest = rest[Cid.MultihashLength..];
            Put(ref rest, LinkNameTag, 0);
            Put(ref rest, LinkSizeTag, link.TreeSize);
        }
        Put(ref rest, NodeDataTag, (ulong)message);
        Put(ref rest, TypeTag, UnixFsTypeFile);
        Put(ref rest, FileSizeTag, fileSize);
        foreach (DagLink link in links) Put(ref rest, BlockSizeTag, link.FileSize);
        return block;
    }

    private static int LinkLength(DagLink link) => 2 + Cid.MultihashLength + 2 + 1 + VarintLength(link.TreeSize);

    private static void Put(ref Span<byte> destination, byte tag, ulong value)
    {
        destination[0] = tag;
        int at = 1;
        for (; value >= 0x80; value >>= 7) destination[at++] = (byte)(value | 0x80);
        destination[at++] = (byte)value;
        destination = destination[at..];
    }

    private static int VarintLength(ulong value)
    {
        int length = 1;
        for (; value >= 0x80; value >>= 7) length++;
        return length;
    }
}

/// <summary>A child as its parent names it.</summary>
/// <param name="Cid">The child's block.</param>
/// <param name="FileSize">Bytes of the file under the child.</param>
/// <param name="TreeSize">Encoded bytes of the child and all below it (<c>Tsize</c>).</param>
internal readonly record struct DagLink(Cid Cid, ulong FileSize, ulong TreeSize);
