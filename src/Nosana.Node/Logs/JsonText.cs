using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Nosana.Node.Logs;

/// <summary>How many bytes a text takes in a result: a control character takes six, so that the same output may be one size here and six there.</summary>
internal static class JsonText
{
    private const int PieceBytes = 4 << 10;

    /// <summary>A character of one byte as <c>\u0001</c>.</summary>
    private const int LongestEscape = 6;

    /// <summary>The encoder of results. Logs are other people's text: it keeps them readable, and the bytes never stand inside HTML.</summary>
    public static JavaScriptEncoder Encoder { get; } = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Bytes between the quotation marks; for text that is not UTF-8 perhaps a few more than there will be.</summary>
    public static long BytesOf(ReadOnlySpan<byte> utf8)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(PieceBytes * LongestEscape);
        try
        {
            long bytes = 0;
            while (utf8.Length > 0)
            {
                ReadOnlySpan<byte> piece = utf8[..Math.Min(PieceBytes, utf8.Length)];
                Encoder.EncodeUtf8(piece, scratch, out int consumed, out int written, isFinalBlock: piece.Length == utf8.Length);
                bytes += written;
                utf8 = utf8[consumed..];
            }
            return bytes;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>Bytes between the quotation marks.</summary>
    public static long BytesOf(string text) => BytesOf(Encoding.UTF8.GetBytes(text));
}
