namespace Nosana.Ipfs.UnixFs;

/// <summary>
/// A file as the adders of version 0 identifiers store it: up to 256 KiB one dag-pb block, above that leaves of 262,144 bytes under a balanced tree
/// of at most 174 links a node.
/// </summary>
public sealed class UnixFsNode
{
    private UnixFsNode(Cid cid, long length, IReadOnlyList<UnixFsBlock> blocks)
    {
        Cid = cid;
        Length = length;
        Blocks = blocks;
    }

    /// <summary>The identifier of the root block, which is the file's.</summary>
    public Cid Cid { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Every distinct block, children before their parents, the root last.</summary>
    public IReadOnlyList<UnixFsBlock> Blocks { get; }

    public static UnixFsNode Build(ReadOnlySpan<byte> content)
    {
        var collector = new BlockCollector();
        var builder = new UnixFsBuilder(collector.Add);
        builder.Append(content);
        return new UnixFsNode(builder.Finish(), content.Length, collector.Blocks);
    }

    /// <summary>Reads the stream to its end. Holds every block in memory; <see cref="UnixFsBuilder"/> does not.</summary>
    public static UnixFsNode Build(Stream content)
    {
        var collector = new BlockCollector();
        var builder = new UnixFsBuilder(collector.Add);
        var buffer = new byte[UnixFsBuilder.ChunkSize];
        long length = 0;
        for (int read; (read = content.Read(buffer)) > 0; length += read) builder.Append(buffer.AsSpan(0, read));
        return new UnixFsNode(builder.Finish(), length, collector.Blocks);
    }

    /// <summary>The identifier alone, without keeping the blocks.</summary>
    public static Cid CidOf(ReadOnlySpan<byte> content)
    {
        var builder = new UnixFsBuilder();
        builder.Append(content);
        return builder.Finish();
    }

    private sealed class BlockCollector
    {
        private readonly HashSet<Cid> _seen = [];

        public List<UnixFsBlock> Blocks { get; } = [];

        public void Add(UnixFsBlock block)
        {
            if (_seen.Add(block.Cid)) Blocks.Add(block);
        }
    }
}
