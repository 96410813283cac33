namespace Nosana.Ipfs.UnixFs;

/// <summary>A child as its parent names it.</summary>
/// <param name="Cid">The child's block.</param>
/// <param name="FileSize">Bytes of the file under the child.</param>
/// <param name="TreeSize">Encoded bytes of the child and all below it (<c>Tsize</c>).</param>
internal readonly record struct DagLink(Cid Cid, ulong FileSize, ulong TreeSize);
