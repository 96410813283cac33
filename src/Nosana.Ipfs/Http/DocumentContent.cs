using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Nosana.Ipfs.Http;

/// <summary>
/// A document as the file of a form (multipart/form-data) in the words of Pinata's API, sent piece by piece, so that a slow line can be told from one
/// that stands still.
/// </summary>
internal sealed class DocumentContent : HttpContent
{
    private const int PieceBytes = 64 << 10;

    private readonly ReadOnlyMemory<byte> _document;
    private readonly Action _gotOn;
    private readonly byte[] _head, _tail;

    /// <param name="document">JSON; sent as it is.</param>
    /// <param name="gotOn">Called after each piece that the line took.</param>
    public DocumentContent(ReadOnlyMemory<byte> document, Action gotOn)
    {
        string boundary = Guid.NewGuid().ToString("N");
        _document = document;
        _gotOn = gotOn;
        _head = Encoding.ASCII.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"pinataOptions\"\r\n\r\n{{\"cidVersion\":0}}\r\n"
            + $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"document.json\"\r\nContent-Type: application/json\r\n\r\n");
        _tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        Headers.ContentType = new MediaTypeHeaderValue("multipart/form-data") { Parameters = { new NameValueHeaderValue("boundary", boundary) } };
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_head, cancellationToken).ConfigureAwait(false);
        _gotOn();
        for (int at = 0; at < _document.Length; at += PieceBytes)
        {
            await stream.WriteAsync(_document[at..Math.Min(at + PieceBytes, _document.Length)], cancellationToken).ConfigureAwait(false);
            _gotOn();
        }
        await stream.WriteAsync(_tail, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _head.Length + _document.Length + _tail.Length;
        return true;
    }
}
