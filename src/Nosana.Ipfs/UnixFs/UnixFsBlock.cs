namespace Nosana.Ipfs.UnixFs;

/// <summary>One encoded dag-pb block and its identifier.</summary>
/// <param name="Cid">SHA-256 of <paramref name="Bytes"/>.</param>
/// <param name="Bytes">The protobuf encoding of the node.</param>
public sealed record UnixFsBlock(Cid Cid, ReadOnlyMemory<byte> Bytes);
