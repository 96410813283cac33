namespace Nosana.Ipfs.UnixFs;

/// <summary>Builds the tree of a file piece by piece, in memory bounded by one chunk and one unfinished node a level. Not thread-safe, used once.</summary>
/// <param name="onBlock">Is given every block as it is complete: children before parents, repeated content repeatedly.</param>
public sealed class UnixFsBuilder(Action<UnixFsBlock>? onBlock = null)
{
    /// <summary>Bytes of a full leaf: the fixed-size chunker's default.</summary>
    public const int ChunkSize = 262_144;

    /// <summary>Links of a full node: the balanced layout's default for version 0.</summary>
    public const int MaxLinks = 174;

    private readonly byte[] _chunk = new byte[ChunkSize];
    private readonly List<List<DagLink>> _levels = [];
    private int _filled;
    private long _leaves;
    private bool _finished;

    public void Append(ReadOnlySpan<byte> content)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        while (!content.IsEmpty)
        {
            // A full chunk is only written when more follows it: the last one may turn out to be the whole file.
            if (_filled == ChunkSize) FlushChunk();
            int take = Math.Min(ChunkSize - _filled, content.Length);
            content[..take].CopyTo(_chunk.AsSpan(_filled));
            _filled += take;
            content = content[take..];
        }
    }

    /// <summary>Closes the tree. A file of one chunk is its own root.</summary>
    public Cid Finish()
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        _finished = true;
        DagLink last = WriteLeaf();
        if (_leaves == 1) return last.Cid;
        Push(0, last);
        // Every level is closed, a lone child included, so that all leaves lie equally deep.
        for (int level = 0; ; level++)
        {
            List<DagLink> open = _levels[level];
            bool top = level == _levels.Count - 1;
            if (top && open.Count == 1) return open[0].Cid;
            if (open.Count > 0) CloseNode(level);
        }
    }

    private void FlushChunk()
    {
        Push(0, WriteLeaf());
        _filled = 0;
    }

    private DagLink WriteLeaf()
    {
        _leaves++;
        byte[] block = DagPb.EncodeLeaf(_chunk.AsSpan(0, _filled));
        return Emit(block, (ulong)_filled, (ulong)block.Length);
    }

    private void Push(int level, DagLink link)
    {
        if (level == _levels.Count) _levels.Add([]);
        // Closed only when another link arrives: a full top level may be the root's own children.
        if (_levels[level].Count == MaxLinks) CloseNode(level);
        _levels[level].Add(link);
    }

    private void CloseNode(int level)
    {
        List<DagLink> links = _levels[level];
        byte[] block = DagPb.EncodeParent(links);
        ulong fileSize = 0, treeSize = (ulong)block.Length;
        foreach (DagLink link in links)
        {
            fileSize += link.FileSize;
            treeSize += link.TreeSize;
        }
        links.Clear();
        Push(level + 1, Emit(block, fileSize, treeSize));
    }

    private DagLink Emit(byte[] block, ulong fileSize, ulong treeSize)
    {
        Cid cid = Cid.OfBlock(block);
        onBlock?.Invoke(new UnixFsBlock(cid, block));
        return new DagLink(cid, fileSize, treeSize);
    }
}

/// <summary>One encoded dag-pb block and its identifier.</summary>
/// <param name="Cid">SHA-256 of <paramref name="Bytes"/>.</param>
/// <param name="Bytes">The protobuf encoding of the node.</param>
public sealed record UnixFsBlock(Cid Cid, ReadOnlyMemory<byte> Bytes);
