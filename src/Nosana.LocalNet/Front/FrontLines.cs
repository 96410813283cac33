using System.Net.Sockets;
using System.Text;

namespace Nosana.LocalNet.Front;

/// <summary>Reads beginnings of streams byte by byte, so that nothing of what follows is taken.</summary>
internal static class FrontLines
{
    private const int MaxBytes = 64 * 1024;

    /// <returns>The line without its end; null at the stream's end.</returns>
    public static async Task<string?> ReadAsync(NetworkStream stream, CancellationToken cancel) =>
        (await UntilAsync(stream, "\n"u8.ToArray(), cancel))?.TrimEnd('\r', '\n');

    /// <summary>The head of an HTTP request, its empty line included; null when there is none.</summary>
    public static Task<string?> ReadHeadAsync(NetworkStream stream, CancellationToken cancel) => UntilAsync(stream, "\r\n\r\n"u8.ToArray(), cancel);

    private static async Task<string?> UntilAsync(NetworkStream stream, byte[] end, CancellationToken cancel)
    {
        var read = new List<byte>();
        var one = new byte[1];
        while (read.Count < MaxBytes && await stream.ReadAsync(one, cancel) == 1)
        {
            read.Add(one[0]);
            if (read.Count >= end.Length && one[0] == end[^1] && end.AsSpan().SequenceEqual(read.GetRange(read.Count - end.Length, end.Length).ToArray()))
                return Encoding.Latin1.GetString([.. read]);
        }
        return null;
    }
}
