using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Nosana.Node.Api.Statistics;
using Nosana.Node.Tests.Support;
using Nosana.Testing;
using static Nosana.Node.Tests.Support.JobBench;

namespace Nosana.Node.Tests.Api;

public sealed class StatisticsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Read_ALineOfTheEngine_IsInTheUnitsOfTheNetwork()
    {
        TaskStatistic? read = TaskStatistic.Read(Line(Start, cpuShare: 0.5, cpus: 4));
        Assert.Equal(
            """{"opId":"a","timestamp":1767225600000,"cpu":{"cpu_percent":200},"memory":{"memory_usage":512,"memory_limit":4,"memory_percent":12.5},"disk":{"read":2,"write":3},"network":{"received":5,"sent":1}}""",
            read!.Value.ToJson("a").ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"read\":\"0001-01-01T00:00:00Z\"}")]
    [InlineData("{\"read\":\"2026-01-01T")]
    [InlineData("[1]")]
    [InlineData("null")]
    public void Read_WhatIsNoLine_IsNothing(string line) => Assert.Null(TaskStatistic.Read(line));

    [Fact]
    public void Read_WithoutWhatAnEngineMayLeaveOut_IsZero() =>
        Assert.Equal(new TaskStatistic(1767225600000, 0, 0, 0, 0, 0, 0, 0, 0), TaskStatistic.Read("""{"read":"2026-01-01T00:00:00Z","networks":null,"blkio_stats":{"io_service_bytes_recursive":null}}"""));

    [Fact]
    public void Add_ForADayAndMore_KeepsTheBusiestOfEachWindowAndADayOfThem()
    {
        var statistics = new OpStatistics("a", OpStatistics.DayOfWindows);
        for (int second = 0; second < 25 * 60 * 60; second++)
            statistics.Add(new TaskStatistic(second * 1000L, Cpu: second % 5 == 3 ? 90 : 10, 0, 0, 0, 0, 0, 0, 0));
        IReadOnlyList<TaskStatistic> kept = statistics.Read(double.NegativeInfinity, double.PositiveInfinity, TimeSpan.FromSeconds(5));
        Assert.Equal(OpStatistics.DayOfWindows, kept.Count);
        Assert.All(kept, one => Assert.Equal(90, one.Cpu));
        Assert.Equal(OpStatistics.DayOfWindows / 60, statistics.Read(double.NegativeInfinity, double.PositiveInfinity, TimeSpan.FromMinutes(5)).Count);
        long first = kept[10].Time, last = kept[20].Time;
        Assert.Equal(11, statistics.Read(first, last, TimeSpan.FromSeconds(5)).Count); // both inclusive
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Get_Statistics_AreWhatTheEngineSaid()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a", "\"group\":\"g\"") + "," + Op("b", "\"group\":\"g\""));
        StatisticsCollector collector = bench.Get<StatisticsCollector>();
        await collector.StartAsync(Cancel);
        string path = $"/job/{bench.JobAddress}/stats";
        for (int second = 0; second < 12; second++) await SayAsync(bench, "b", second, 0.1 * (second % 5));
        await Eventually.BecomesAsync(async () => JsonNode.Parse((await bench.GetAsync(path)).Body)!.AsArray().Count, 2);
        JsonArray found = JsonNode.Parse((await bench.GetAsync(path)).Body)!.AsArray();
        Assert.Equal([1767225604000, 1767225609000], found.Select(one => (long)one!["timestamp"]!));
        Assert.All(found, one => Assert.Equal("b", (string?)one!["opId"]));
        Assert.Single(JsonNode.Parse((await bench.GetAsync(path + "?interval=10")).Body)!.AsArray());
        Assert.Single(JsonNode.Parse((await bench.GetAsync(path + "?start=1767225604001&end=1767225609000")).Body)!.AsArray());
        using HttpResponseMessage stream = await bench.OpenAsync(path + "/stream?interval=5");
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(Cancel));
        Assert.Equal(": connected", await reader.ReadLineAsync(Cancel));
        await reader.ReadLineAsync(Cancel);
        JsonArray live = JsonNode.Parse((await reader.ReadLineAsync(Cancel))!["data: ".Length..])!.AsArray();
        Assert.Equal(1767225609000, (long)Assert.Single(live)!["timestamp"]!);
        foreach (string op in new[] { "a", "b" }) await bench.Jobs.Engine.ContainerOf(op)!.Statistics.Writer.CompleteAsync();
        Task ended = collector.StopAsync(Cancel);
        await Eventually.EndsAsync(ended, bench.Jobs.Clock, TimeSpan.FromSeconds(1));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("?interval=7", 400, "Invalid interval. Allowed values (seconds): 5, 10, 30, 60, 300, 1800")]
    [InlineData("/stream?interval=x", 400, "Invalid interval. Allowed values (seconds): 5, 10, 30, 60, 300, 1800")]
    [InlineData("?interval=5", 404, "Invalid job address")]
    [InlineData("/stream", 404, "Invalid job address")]
    public async Task Get_StatisticsThatCannotBe_SaysWhy(string query, int status, string text)
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        (int found, string body, _) = await bench.GetAsync($"/job/{bench.JobAddress}/stats{query}");
        Assert.Equal((status, text), (found, body));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Get_StatisticsOfNoTime_SaysSo()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a"));
        (int status, string body, _) = await bench.GetAsync($"/job/{bench.JobAddress}/stats?start=yesterday");
        Assert.Equal((400, "start and end must be valid timestamps (ms)"), (status, body));
        Assert.Equal("[]", (await bench.GetAsync($"/job/{bench.JobAddress}/stats")).Body);
    }

    private static async Task SayAsync(ApiBench bench, string op, int second, double share) =>
        await bench.Jobs.Engine.ContainerOf(op)!.Statistics.Writer.WriteAsync(Encoding.UTF8.GetBytes(Line(Start.AddSeconds(second), share, 1) + "\n"), Cancel);

    internal static string Line(DateTimeOffset time, double cpuShare, int cpus) =>
        """
        {"read":"TIME","cpu_stats":{"cpu_usage":{"total_usage":USED},"system_cpu_usage":3000,"online_cpus":CPUS},
        "precpu_stats":{"cpu_usage":{"total_usage":1000},"system_cpu_usage":2000},
        "memory_stats":{"usage":671088640,"limit":4294967296,"stats":{"inactive_file":134217728}},
        "blkio_stats":{"io_service_bytes_recursive":[{"op":"Read","value":1048576},{"op":"read","value":1048576},{"op":"Write","value":3145728},{"op":"Sync","value":7}]},
        "networks":{"eth0":{"rx_bytes":5242880,"tx_bytes":1048576}}}
        """.Replace("\n", "").Replace("TIME", time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture))
            .Replace("USED", (1000 + (1000 * cpuShare)).ToString(CultureInfo.InvariantCulture)).Replace("CPUS", $"{cpus}");
}
