using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Nosana.Node.Api.Authorization;
using Nosana.Node.Tests.Support;
using Nosana.Solana.Wallet;
using Nosana.Testing;
using static Nosana.Node.Tests.Support.JobBench;

namespace Nosana.Node.Tests.Api;

/// <summary>
/// Ten thousand calls that are no owner's, mutated from a seed: whatever they are, nobody gets in, nothing breaks, nothing piles up, and who gets an answer gets one
/// that says that it was his fault.
/// </summary>
public sealed class MutatedCallTests
{
    private const int Calls = 10_000, SocketCalls = 500, Seed = 20_261_130;

    private static readonly TimeSpan MomentOfSilence = TimeSpan.FromMilliseconds(200);

    private const long MostGrowth = 48L << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 4 * TestLimit.Milliseconds)]
    public async Task Ask_MutatedCalls_NobodyGetsInAndNothingBreaks()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a", "\"group\":\"g\"") + "," + Op("b", "\"group\":\"g\""));
        bench.Jobs.Log.Least = Microsoft.Extensions.Logging.LogLevel.Error; // what is logged of each is kept by this test alone
        string[] bases = [.. Bases(bench)];
        await RunAsync(bench, bases, 0, 500); // what is made once
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Dictionary<string, int> answers = await RunAsync(bench, bases, 500, Calls);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < MostGrowth, "memory grows with calls");
        foreach ((string answer, int count) in answers) TestContext.Current.TestOutputHelper?.WriteLine($"{count,6} {answer}");
        Assert.Contains("401", answers.Keys);
        Assert.Contains("400", answers.Keys);
        Assert.Equal("""{"a":"running","b":"running"}""", (await bench.GetAsync($"/job/{bench.JobAddress}/ops")).Body);
        Assert.Equal((1, 1), (bench.Jobs.Engine.MadeFor("a"), bench.Jobs.Engine.MadeFor("b")));
    }

    [Fact(Timeout = 4 * TestLimit.Milliseconds)]
    public async Task Connect_MutatedFrames_NobodyHearsAnything()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a"));
        bench.Jobs.Logs.OpenOrCreate(bench.JobAddress, "a").Append(Nosana.Node.Logs.LogStream.Stdout, 1, "the owner's\n"u8);
        var random = new Random(Seed);
        string[] frames = [.. Forged(bench).SelectMany(header => new[] { "/log", "/flog", "/status", "/terminal" }.Select(path => bench.Frame(path, header)))];
        for (int call = 0; call < SocketCalls; call++)
        {
            byte[] frame = Mutate(Encoding.UTF8.GetBytes(frames[random.Next(frames.Length)]), random);
            using ClientWebSocket socket = await bench.ConnectAsync(null);
            await socket.SendAsync(frame, random.Next(4) == 0 ? WebSocketMessageType.Binary : WebSocketMessageType.Text, true, Cancel);
            try
            {
                Assert.Null(await ApiBench.ReceiveAsync(socket));
            }
            catch (WebSocketException)
            {
                continue; // what is no text is cut off
            }
            Assert.Contains((int)(socket.CloseStatus ?? WebSocketCloseStatus.Empty), (int[])[1005, 1007, 1008, 1009, 1011, 3003, 4001]);
        }
    }

    /// <summary>Everything but what an owner would send.</summary>
    private static IEnumerable<string> Bases(ApiBench bench)
    {
        string[] headers = [.. Forged(bench)];
        foreach (string route in Routes.All)
        {
            string[] words = route.Split(' ');
            string path = words[1].Replace("{job}", bench.JobAddress).Replace("{op}", "a").Replace("{group}", "g");
            foreach (string header in headers)
                yield return $"{words[0]} {path} HTTP/1.1\r\nHost: localhost\r\nauthorization: {header}\r\nContent-Type: application/json\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{{\"a\":[1,2]}}\n";
        }
        yield return $"POST /job/{bench.JobAddress}/job-definition HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n{{\"a\":\r\n2\r\n1}}\r\n0\r\n\r\n";
        yield return $"POST /job/{bench.JobAddress}/stop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\n";
        yield return "GET /node/info?a=%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    }

    private static IEnumerable<string> Forged(ApiBench bench)
    {
        using Account other = Account.FromSeed([.. Enumerable.Repeat((byte)4, 32)]);
        string theirs = ApiBench.Sign(other, "Hello Nosana Node!");
        yield return theirs;
        yield return theirs + ":1767225600000";
        yield return theirs[..40];
        yield return "x:" + new string('1', 64); // the all-zero signature
        yield return bench.Bound("GET", $"/job/{bench.JobAddress}/ops", by: other);
        yield return bench.Bound("POST", $"/job/{bench.JobAddress}/stop", host: other.PublicKey.Key);
        yield return bench.Bound("POST", $"/job/{bench.JobAddress}/stop", time: bench.Jobs.Clock.GetUtcNow().AddHours(-1));
        yield return BoundHeader.Form + " a b c d e f:g";
    }

    private static async Task<Dictionary<string, int>> RunAsync(ApiBench bench, string[] bases, int from, int to)
    {
        var answers = new Dictionary<string, int>();
        await Parallel.ForEachAsync(Enumerable.Range(from, to - from), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Cancel }, async (call, _) =>
        {
            var random = new Random(Seed + call);
            string original = bases[random.Next(bases.Length)];
            byte[] request = call % 3 == 0 ? Mutate(Encoding.Latin1.GetBytes(original), random) : MutatePart(original, random);
            string answer = await AskAsync(bench.Server.Address.Port, request);
            string status = answer.Length < 12 ? "none" : answer[9..12];
            string shown = $"call {call}: {Encoding.Latin1.GetString(request)}\nis answered\n{answer}";
            Assert.True(status is "none" or "200" or "204" or ['4', ..] or "505" or "501", shown);
            // What anybody may know, and nothing of the job.
            if (status == "200") Assert.True(answer.Contains($"\"{bench.Host.PublicKey}\"") && !answer.Contains("\"a\""), shown);
            Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
            lock (answers) answers[status] = answers.GetValueOrDefault(status) + 1;
        });
        return answers;
    }

    private static async Task<string> AskAsync(int port, byte[] request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, Cancel);
            await socket.SendAsync(request, Cancel);
            using var half = new CancellationTokenSource(MomentOfSilence);
            // A node that waits for the rest of what was announced is told that there is none.
            using CancellationTokenRegistration end = half.Token.Register(() => socket.Shutdown(SocketShutdown.Send));
            var answer = new StringBuilder();
            byte[] buffer = new byte[16 << 10];
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            limit.CancelAfter(TimeSpan.FromSeconds(10));
            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var count) answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
            return answer.ToString();
        }
        catch (SocketException)
        {
            return ""; // the node has closed a connection that makes no sense
        }
    }

    /// <summary>Only the path, the authorization or the body, so that the call is heard as one.</summary>
    private static byte[] MutatePart(string original, Random random)
    {
        int end = original.IndexOf(" HTTP/1.1", StringComparison.Ordinal), header = original.IndexOf("authorization: ", StringComparison.Ordinal), body = original.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        (int from, int to) = random.Next(3) switch
        {
            0 => (original.IndexOf('/', StringComparison.Ordinal) + 1, end),
            1 when header > 0 => (header + 15, original.IndexOf("\r\n", header, StringComparison.Ordinal)),
            _ => (body, original.Length),
        };
        string part = Encoding.Latin1.GetString(Mutate([.. Encoding.Latin1.GetBytes(original[from..to]), .. "    "u8], random));
        if (from < body) part = string.Concat(part.Where(c => c is > ' ' and < (char)127));
        return Encoding.Latin1.GetBytes(string.Concat(original.AsSpan(0, from), part, original.AsSpan(to)));
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = new List<byte>(original);
        for (int change = random.Next(1, 6); change > 0 && bytes.Count > 4; change--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 60), bytes.Count - at))); break;
                case 4: bytes.InsertRange(at, Encoding.Latin1.GetBytes(Odd[random.Next(Odd.Length)])); break;
                case 5: bytes.RemoveRange(at, bytes.Count - at); break;
                default: bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(33, 127), random.Next(1, 5_000))); break;
            }
        }
        return [.. bytes];
    }

    private static string[] Odd { get; } =
    [
        "%00", "%2F", "..%2f", "/../", "//", "\r\n", "\n", "\0", "\r\n\r\n", ":", "%", "%%global.job%%", "{", "\u00ff\u00fe", "Transfer-Encoding: chunked\r\n",
        "Content-Length: 0\r\n", "Content-Length: -1\r\n", "Host: evil.example\r\n", "Upgrade: websocket\r\nConnection: Upgrade\r\n", "authorization: a:b\r\n",
        "HTTP/1.0", "HTTP/2.0", "OPTIONS ", "X-Forwarded-For: 127.0.0.1\r\n", "'; DROP TABLE runs; --", "<script>", string.Create(CultureInfo.InvariantCulture, $"{long.MaxValue}"),
    ];
}
