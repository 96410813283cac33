using System.Net;

namespace Nosana.Ipfs.Http;

/// <summary>A document as the body of a request, sent piece by piece, so that a slow line can be told from one that stands still.</summary>
/// <param name="document">Sent as it is.</param>
/// <param name="gotOn">Called after each piece that the line took.</param>
internal sealed class DocumentContent(ReadOnlyMemory<byte> document, Action gotOn) : HttpContent
{
    private const int PieceBytes = 64 << 10;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (int at = 0; at < document.Length; at += PieceBytes)
        {
            await stream.WriteAsync(document[at..Math.Min(at + PieceBytes, document.Length)], cancellationToken).ConfigureAwait(false);
            gotOn();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = document.Length;
        return true;
    }
}
