using System.Text;

namespace Nosana.Node.Ssh.Server;

/// <summary>
/// <c>CONNECT NAME:22 HTTP/1.1</c>, as clients ask the network's tunnel (its tcpmux by HTTP CONNECT): the name says to what, and after the answer the
/// bytes are SSH's.
/// </summary>
internal sealed class SshFront(SshNames names)
{
    /// <summary>Of the request; clients send three lines.</summary>
    private const int MaxRequest = 4096;

    /// <summary>For all of it: clients send it at once.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <returns>Null when it is nothing that is here; it has been told so.</returns>
    public async Task<SshArrival?> ReadAsync(Stream client, TimeProvider time, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(s_patience, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var request = new byte[MaxRequest];
            int have = 0, end = -1;
            while ((end = EndOf(request.AsSpan(0, have))) < 0)
            {
                if (have == request.Length) return await RefuseAsync(client, "431 Request Header Fields Too Large", over.Token);
                int count = await client.ReadAsync(request.AsMemory(have), over.Token);
                if (count == 0) return null;
                have += count;
                ReadOnlySpan<byte> method = "CONNECT "u8;
                if (!request.AsSpan(0, have).StartsWith(method[..Math.Min(have, method.Length)]))
                    return await RefuseAsync(client, "405 Method Not Allowed", over.Token);
            }
            string line = Encoding.Latin1.GetString(request, 0, request.AsSpan().IndexOfAny((byte)'\r', (byte)'\n'));
            if (line.Split(' ') is not ["CONNECT", var authority, "HTTP/1.1" or "HTTP/1.0"]) return await RefuseAsync(client, "400 Bad Request", over.Token);
            if (TargetOf(authority) is not { } target) return await RefuseAsync(client, "404 Not Found", over.Token);
            await client.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), over.Token);
            return new SshArrival(have > end ? new PrefixedStream(request[end..have], client) : client, target);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return null; // gone, or its time is over
        }
    }

    private SshTarget? TargetOf(string authority)
    {
        const string Port = ":22";
        return authority.EndsWith(Port, StringComparison.Ordinal) ? names.Find(authority[..^Port.Length]) : null;
    }

    private static int EndOf(ReadOnlySpan<byte> request)
    {
        int end = request.IndexOf("\r\n\r\n"u8);
        if (end >= 0) return end + 4;
        end = request.IndexOf("\n\n"u8);
        return end >= 0 ? end + 2 : -1;
    }

    private static async Task<SshArrival?> RefuseAsync(Stream client, string status, CancellationToken cancel)
    {
        await client.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), cancel);
        return null;
    }
}
