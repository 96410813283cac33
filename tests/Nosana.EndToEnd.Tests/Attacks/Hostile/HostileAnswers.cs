using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Nosana.EndToEnd.Tests.Attacks.Hostile;

/// <summary>
/// Answers of a server that wants to harm whoever asks: each is drawn by a seed. None goes on for longer than a client stays, or beyond its bounds.
/// </summary>
/// <param name="targets">URLs that nobody shall be led to.</param>
internal sealed class HostileAnswers(IReadOnlyList<string> targets)
{
    private const int EndlessBytes = 512 << 20, HeaderBytes = 2 << 20, WideElements = 400_000, Depth = 100_000;

    private const string ForgedLine = "\u001b[2J\u001b]52;c;cm0gLXJmIC8=\u0007\r\n21:00:00.000 info FORGED by a server\n\u202e";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20), Drip = TimeSpan.FromMilliseconds(500);

    private static readonly string[] Types = ["application/json", "application/xml", "text/html", "application/vnd.oci.image.manifest.v1+json", "application/octet-stream"];

    private static readonly int[] Statuses = [204, 206, 302, 400, 403, 404, 409, 413, 416, 429, 500, 503, 599];

    /// <summary>Answers one request, or does not.</summary>
    /// <returns>What it was, in a word.</returns>
    public async Task<string> AnswerAsync(Stream stream, Socket socket, Random random, CancellationToken end)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(end);
        limit.CancelAfter(Longest);
        string type = Pick(random, Types), target = Pick(random, targets);
        switch (random.Next(16))
        {
            case 0:
                await SendAsync(stream, Garbage(random, 4096), limit.Token);
                return "garbage";
            case 1:
                await SendAsync(stream, Head(200, type, "Content-Length: 100000") + "{\"", limit.Token);
                return "too short";
            case 2:
                await SendAsync(stream, Head(200, type, "Content-Length: 2") + new string('[', 5000), limit.Token);
                return "too long";
            case 3:
                await EndlessAsync(stream, Head(200, type), [.. Enumerable.Repeat((byte)' ', 1 << 16)], limit.Token);
                return "endless blank";
            case 4:
                await EndlessAsync(stream, Head(200, type) + "{\"a\":\"", [.. Enumerable.Repeat((byte)'a', 1 << 16)], limit.Token);
                return "endless text";
            case 5:
                await SlowlyAsync(stream, Head(200, type, "Content-Length: 1000000"), limit.Token);
                return "slow";
            case 6:
                await SilenceAsync(stream, limit.Token);
                return "silent";
            case 7:
                await SendAsync(stream, Head(Pick(random, (int[])[301, 302, 303, 307, 308]), type, $"Location: {target}", "Content-Length: 0"), limit.Token);
                return "redirect";
            case 8:
                await SendAsync(stream, Head(401, type, $"WWW-Authenticate: Bearer realm=\"{target}\",service=\"x\",scope=\"repository:a:pull\"", "Content-Length: 0"), limit.Token);
                return "token realm";
            case 9:
                await SendAsync(stream, Sized(Pick(random, Statuses), type, ForgedLine + new string('e', random.Next(1 << 20))), limit.Token);
                return "error";
            case 10:
                await SendAsync(stream, Head(200, type, $"X-Wide: {new string('h', HeaderBytes)}", "Content-Length: 0"), limit.Token);
                return "wide header";
            case 11:
                await SendAsync(stream, Sized(200, type, random.Next(2) == 0 ? Repeated("[", Depth) : Repeated("<a>", Depth)), limit.Token);
                return "deep";
            case 12:
                await SendAsync(stream, Sized(200, "application/xml", "<ListBucketResult>" + Repeated("<Contents><Key>k</Key><Size>1</Size></Contents>", WideElements)), limit.Token);
                return "wide";
            case 13:
                await SendAsync(stream, Head(200, type, "Content-Length: 3298534883328") + "x", limit.Token);
                await SilenceAsync(stream, limit.Token);
                return "announced and silent";
            case 14:
                socket.LingerState = new LingerOption(true, 0);
                return "reset";
            default:
                await SendAsync(stream, Sized(200, type, Pick(random, (string[])[
                    "null", "[]", "{}", "\"\"", "1e400", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"value\":[null,{}]}}",
                    "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
                    "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>",
                    "{\"schemaVersion\":2,\"layers\":[{\"digest\":\"sha256:..\",\"size\":-1}]}"])), limit.Token);
                return "odd";
        }
    }

    private static string Head(int status, string type, params string[] headers) =>
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Hostile\r\nContent-Type: {type}\r\nConnection: close\r\n") + string.Concat(headers.Select(header => header + "\r\n")) + "\r\n";

    private static string Sized(int status, string type, string body) =>
        Head(status, type, string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}")) + body;

    private static string Repeated(string part, int count) => new StringBuilder(part.Length * count).Insert(0, part, count).ToString();

    private static byte[] Garbage(Random random, int most)
    {
        byte[] bytes = new byte[random.Next(1, most)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static async Task EndlessAsync(Stream stream, string head, byte[] block, CancellationToken end)
    {
        await SendAsync(stream, head, end);
        for (long sent = 0; sent < EndlessBytes; sent += block.Length) await SendAsync(stream, block, end);
    }

    private static async Task SlowlyAsync(Stream stream, string head, CancellationToken end)
    {
        await SendAsync(stream, head, end);
        using var pace = new PeriodicTimer(Drip);
        while (await pace.WaitForNextTickAsync(end)) await SendAsync(stream, " ", end);
    }

    /// <summary>Until the client goes.</summary>
    private static async Task SilenceAsync(Stream stream, CancellationToken end)
    {
        byte[] buffer = new byte[1024];
        while (await stream.ReadAsync(buffer, end) > 0)
        {
        }
    }

    private static Task SendAsync(Stream stream, string text, CancellationToken end) => SendAsync(stream, Encoding.UTF8.GetBytes(text), end);

    private static async Task SendAsync(Stream stream, byte[] bytes, CancellationToken end) => await stream.WriteAsync(bytes, end);

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
