using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Nosana.Benchmarks.Figures;

namespace Nosana.Benchmarks.Ingress;

/// <summary>Small requests over kept connections, with as little work of its own as may be: the answers are counted in bytes.</summary>
internal sealed class LoadGenerator(int port)
{
    private static readonly byte[] s_request = Encoding.ASCII.GetBytes($"GET /hello HTTP/1.1\r\nHost: {IngressServers.Name}\r\nAccept: */*\r\nUser-Agent: measurement\r\n\r\n");

    /// <summary>Each connection asks again as soon as it has its answer.</summary>
    /// <returns>Requests a second.</returns>
    public async Task<double> SaturateAsync(int connections, TimeSpan time)
    {
        long until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency), began = Stopwatch.GetTimestamp();
        int[] counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using Socket socket = await ConnectAsync();
            byte[] buffer = new byte[4096];
            int length = await AskAsync(socket, buffer, 0), count = 0;
            for (; Stopwatch.GetTimestamp() < until; count++) await AskAsync(socket, buffer, length);
            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>So many a second over all connections, whether or not answers come.</summary>
    /// <returns>Milliseconds from when a request was due to its answer.</returns>
    public async Task<Samples> PaceAsync(int connections, double perSecond, TimeSpan time)
    {
        var samples = new Samples();
        double interval = connections / perSecond * Stopwatch.Frequency;
        long began = Stopwatch.GetTimestamp();
        double[][] all = await Task.WhenAll(Enumerable.Range(0, connections).Select(index => Task.Run(async () =>
        {
            using Socket socket = await ConnectAsync();
            byte[] buffer = new byte[4096];
            int length = await AskAsync(socket, buffer, 0);
            var times = new List<double>();
            double due = began + interval * index / connections + Stopwatch.Frequency / 2;
            while (due < began + time.TotalSeconds * Stopwatch.Frequency)
            {
                double wait = (due - Stopwatch.GetTimestamp()) / Stopwatch.Frequency;
                if (wait > 0) await Task.Delay(TimeSpan.FromSeconds(wait));
                // A timer that is late is this program's own lateness, not the server's.
                long sent = Stopwatch.GetTimestamp();
                await AskAsync(socket, buffer, length);
                times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                due += interval;
            }
            return times.ToArray();
        })));
        foreach (double value in all.SelectMany(times => times)) samples.Add(value);
        return samples;
    }

    /// <returns>Bytes a second.</returns>
    public async Task<double> DownloadAsync(string query)
    {
        using Socket socket = await ConnectAsync();
        long began = Stopwatch.GetTimestamp();
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /download{query} HTTP/1.1\r\nHost: {IngressServers.Name}\r\n\r\n"));
        byte[] buffer = new byte[256 * 1024];
        for (long got = 0; got < IngressServers.DownloadBytes;)
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory());
            if (read == 0) throw new IOException("The download broke off.");
            got += read;
        }
        return IngressServers.DownloadBytes / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <returns>Milliseconds from the write of each event to its first byte here.</returns>
    public async Task<Samples> FollowEventsAsync(int events)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/events");
        request.Headers.Host = IngressServers.Name;
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var samples = new Samples();
        for (int seen = 0; seen < events;)
        {
            if (await lines.ReadLineAsync() is not { } line) throw new IOException("The events broke off.");
            long now = Stopwatch.GetTimestamp();
            if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
            if (seen++ > 0) samples.Add((now - long.Parse(line.AsSpan(6), CultureInfo.InvariantCulture)) * 1000.0 / Stopwatch.Frequency);
        }
        return samples;
    }

    /// <summary>Opens WebSockets and leaves them alone.</summary>
    public async Task<List<Socket>> OpenWebSocketsAsync(int count)
    {
        byte[] request = Encoding.ASCII.GetBytes(
            $"GET /idle HTTP/1.1\r\nHost: {IngressServers.Name}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        byte[] buffer = new byte[1024];
        var sockets = new List<Socket>();
        for (int opened = 0; opened < count; opened++)
        {
            Socket socket = await ConnectAsync();
            await socket.SendAsync(request);
            int read = await socket.ReceiveAsync(buffer.AsMemory());
            if (!Encoding.ASCII.GetString(buffer, 0, read).StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) throw new IOException(Encoding.ASCII.GetString(buffer, 0, read));
            sockets.Add(socket);
        }
        return sockets;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    /// <param name="length">Bytes of an answer; 0 for the first, which tells.</param>
    private static async ValueTask<int> AskAsync(Socket socket, byte[] buffer, int length)
    {
        await socket.SendAsync(s_request.AsMemory());
        int got = 0;
        do
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(got));
            if (read == 0) throw new IOException("The connection ended.");
            got += read;
        }
        while (length == 0 ? !buffer.AsSpan(0, got).EndsWith("hello"u8) : got < length);
        return got;
    }
}
