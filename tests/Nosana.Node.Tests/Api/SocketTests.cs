using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Nosana.Node.Logs;
using Nosana.Node.Tests.Support;
using Nosana.Testing;
using static Nosana.Node.Tests.Support.JobBench;

namespace Nosana.Node.Tests.Api;

public sealed class SocketTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("/flog", "flog", "message")]
    [InlineData("/log", "log", "log")]
    public async Task Follow_LinesBeforeAndAfter_AllComeOnceAndInOrder(string path, string envelope, string text)
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a"));
        OpLog log = bench.Jobs.Logs.OpenOrCreate(bench.JobAddress, "a");
        Print(log, 0, 500);
        using ClientWebSocket socket = await bench.ConnectAsync(bench.Frame(path), "/whatever");
        JsonNode greeting = JsonNode.Parse((await ApiBench.ReceiveAsync(socket))!)!;
        Assert.Equal(envelope, (string?)greeting["path"]);
        Task<List<string>> reading = ReadAsync(socket, 2_000, text);
        Print(log, 500, 2_000);
        await Eventually.EndsAsync(reading, bench.Jobs.Clock, TimeSpan.FromMilliseconds(50));
        Assert.Equal(Enumerable.Range(0, 2_000).Select(line => $"line {line}\n"), await reading);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Follow_Flog_NamesOperationGroupTypeAndTime()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a", "\"group\":\"g\"") + "," + Op("b", "\"group\":\"g\""));
        bench.Jobs.Logs.OpenOrCreate(bench.JobAddress, "a").Append(LogStream.Stdout, 1_767_225_600_123_456_789, "x\n"u8);
        bench.Jobs.Logs.OpenOrCreate(bench.JobAddress, "b").Append(LogStream.Stdout, 5, "y\n"u8);
        using ClientWebSocket socket = await bench.ConnectAsync(bench.Frame("/flog", body: new JsonObject { ["opId"] = "a" }));
        _ = await ApiBench.ReceiveAsync(socket);
        Assert.Contains("Operation Started: a", await ApiBench.ReceiveAsync(socket), StringComparison.Ordinal);
        Task<string?> next = ApiBench.ReceiveAsync(socket);
        await Eventually.EndsAsync(next, bench.Jobs.Clock, TimeSpan.FromMilliseconds(50));
        JsonNode frame = JsonNode.Parse((await next)!)!;
        Assert.Equal("""{"opId":"a","group":"g","type":"container","timestamp":1767225600123.456,"message":"x\n"}""", (string?)frame["data"]);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Follow_AnOperationThatFails_SaysSoAroundItsOutput()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a"));
        using ClientWebSocket socket = await bench.ConnectAsync(bench.Frame("/flog"));
        _ = await ApiBench.ReceiveAsync(socket);
        Print(bench.Jobs.Logs.OpenOrCreate(bench.JobAddress, "a"), 0, 1);
        bench.Jobs.Engine.ContainerOf("a")!.Exit(1);
        await Eventually.EndsAsync(job.Run, bench.Jobs.Clock, TimeSpan.FromMilliseconds(50));
        Task<List<string>> reading = ReadAllAsync(socket);
        await Eventually.EndsAsync(reading, bench.Jobs.Clock, TimeSpan.FromMilliseconds(50));
        Assert.Equal(["info Operation Started: a", "container line 0\n", "error Operation Failed: a"], await reading);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Follow_UntilTheJobEnds_TheLastLineComesAndTheSocketIsClosed()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a"));
        using ClientWebSocket socket = await bench.ConnectAsync(bench.Frame("/flog"));
        _ = await ApiBench.ReceiveAsync(socket);
        Print(bench.Jobs.Logs.OpenOrCreate(bench.JobAddress, "a"), 0, 3);
        bench.Jobs.Engine.ContainerOf("a")!.Exit(0);
        await Eventually.EndsAsync(job.Run, bench.Jobs.Clock, TimeSpan.FromMilliseconds(50));
        Task<List<string>> reading = ReadAsync(socket, int.MaxValue, "message");
        await Eventually.EndsAsync(reading, bench.Jobs.Clock, TimeSpan.FromMilliseconds(50));
        Assert.Equal(["line 0\n", "line 1\n", "line 2\n"], await reading);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Follow_AReaderThatFallsBehindWhatIsKept_IsToldWhatHeMissed()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a"));
        OpLog log = bench.Jobs.Logs.OpenOrCreate(bench.JobAddress, "a");
        using ClientWebSocket socket = await bench.ConnectAsync(bench.Frame("/flog"));
        _ = await ApiBench.ReceiveAsync(socket);
        const int More = 50 * 500; // three times what the ring holds
        for (int line = 0; line < More; line += 500)
        {
            Print(log, line, line + 500);
            await Task.Yield(); // what is read for all goes on; this reader sleeps, since the clock stands still
        }
        log.GiveUp(); // its disk is needed for something else
        Print(log, More, More + 1);
        Task<List<string>> reading = ReadAsync(socket, int.MaxValue, "message", last: $"line {More}\n");
        await Eventually.EndsAsync(reading, bench.Jobs.Clock, TimeSpan.FromMilliseconds(50));
        string[] notices = [.. (await reading).Where(text => text.EndsWith(" earlier lines are not kept any more", StringComparison.Ordinal))];
        Assert.NotEmpty(notices);
        Assert.Equal(log.EntryCount, notices.Sum(notice => int.Parse(notice.Split(' ')[0])) + (await reading).Count - notices.Length);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("no JSON", 1011, "Internal Server Error")]
    [InlineData("""{"path":"/log"}""", 1011, "Internal Server Error")]
    [InlineData("""{"path":"/nothing","body":{}}""", 3003, "Invalid Path")]
    [InlineData("""{"path":"/flog","body":{}}""", 1008, "Expected body to contain jobAddress.")]
    [InlineData("""{"path":"/flog","body":{"jobAddress":"x"},"header":"a:b"}""", 4001, "Unauthorized Request")]
    [InlineData("""{"path":"/flog","body":{"jobAddress":"JOB"}}""", 4001, "Unauthorized Request")]
    [InlineData("""{"path":"/log","body":{"jobAddress":"JOB"},"header":"OTHER"}""", 4001, "Unauthorized Request")]
    [InlineData("""{"path":"/status","body":{"jobAddress":"JOB"},"header":"OTHER"}""", 4001, "Unauthorized Request")]
    [InlineData("""{"path":"/log","body":{"jobAddress":"x"},"header":"OWNER"}""", 4001, "Unauthorized Request: Invalid public key input")]
    [InlineData("""{"path":"/log","body":{"jobAddress":"GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB"},"header":"OWNER"}""", 4001,
        "Unauthorized Request: Account does not exist or has no data GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB")]
    public async Task Ask_Wrongly_IsClosedWithCodeAndReason(string frame, int code, string reason)
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        string text = frame.Replace("JOB", bench.JobAddress).Replace("OTHER", ApiBench.Sign(bench.Host, "x")).Replace("OWNER", bench.OwnerHeader);
        if (frame.Contains("/status")) text = text.Replace(ApiBench.Sign(bench.Host, "x"), ApiBench.Sign(new Solana.Wallet.Account(), "x"));
        using ClientWebSocket socket = await bench.ConnectAsync(text);
        Assert.Equal((code, reason), await ApiBench.ClosedAsync(socket));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ask_ForAJobThatDoesNotCome_IsWaitedForHalfAMinute()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        using ClientWebSocket socket = await bench.ConnectAsync(bench.Frame("/flog"));
        DateTimeOffset began = bench.Jobs.Clock.GetUtcNow();
        Task<(int, string?)> closed = ApiBench.ClosedAsync(socket);
        await Eventually.EndsAsync(closed, bench.Jobs.Clock, TimeSpan.FromMilliseconds(250));
        Assert.Equal((1008, "Invalid job address"), await closed);
        Assert.True(bench.Jobs.Clock.GetUtcNow() - began >= TimeSpan.FromSeconds(30));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ask_AsDashboardsDo_IsUnderstood()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a"));
        var frame = new JsonObject
        {
            ["path"] = "/flog",
            ["headers"] = new JsonObject { ["Authorization"] = bench.OwnerHeader },
            ["body"] = new JsonObject { ["address"] = bench.JobAddress },
        };
        using ClientWebSocket socket = await bench.ConnectAsync(frame.ToJsonString(), "/flog");
        Assert.Contains("\"flog\"", await ApiBench.ReceiveAsync(socket), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Status_ForTheNodesOwnKey_SaysWhatItDoes()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a"));
        using ClientWebSocket socket = await bench.ConnectAsync(bench.Frame("/status", ApiBench.Sign(bench.Host, "x")));
        JsonNode frame = JsonNode.Parse((await ApiBench.ReceiveAsync(socket))!)!;
        JsonNode state = JsonNode.Parse((string)frame["data"]!)!;
        Assert.Equal(("state", "running-container-success", bench.JobAddress), ((string?)frame["path"], (string?)state["status"], (string?)state["state"]!["job"]));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Watch_MoreThanMay_IsToldSoAndOthersGoOn()
    {
        await using ApiBench bench = await ApiBench.StartAsync(change: options => options with { StreamsPerJob = 1 });
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a"));
        using ClientWebSocket first = await bench.ConnectAsync(bench.Frame("/flog"));
        _ = await ApiBench.ReceiveAsync(first);
        using ClientWebSocket second = await bench.ConnectAsync(bench.Frame("/flog"));
        Assert.Equal(1013, (await ApiBench.ClosedAsync(second)).Code);
        Assert.Equal(429, (await bench.GetAsync($"/job/{bench.JobAddress}/info")).Status);
        await first.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Cancel);
        await Eventually.BecomesAsync(async () =>
        {
            using HttpResponseMessage info = await bench.OpenAsync($"/job/{bench.JobAddress}/info");
            return (int)info.StatusCode;
        }, 200);
    }

    private static void Print(OpLog log, int from, int to)
    {
        for (int line = from; line < to; line++) log.Append(LogStream.Stdout, 1_000L * line, System.Text.Encoding.UTF8.GetBytes($"line {line}\n"));
    }

    private static async Task<List<string>> ReadAllAsync(ClientWebSocket socket)
    {
        var entries = new List<string>();
        while (await ApiBench.ReceiveAsync(socket) is { } frame)
        {
            JsonNode entry = JsonNode.Parse((string)JsonNode.Parse(frame)!["data"]!)!;
            entries.Add($"{entry["type"]} {entry["message"]}");
        }
        return entries;
    }

    private static async Task<List<string>> ReadAsync(ClientWebSocket socket, int most, string text, string? last = null)
    {
        var lines = new List<string>();
        while (lines.Count < most && (last is null || lines.LastOrDefault() != last) && await ApiBench.ReceiveAsync(socket) is { } frame)
        {
            JsonNode entry = JsonNode.Parse((string)JsonNode.Parse(frame)!["data"]!)!;
            if ((string?)entry["type"] != "info") lines.Add((string)entry[text]!); // the node's own are another test's
        }
        return lines;
    }
}
