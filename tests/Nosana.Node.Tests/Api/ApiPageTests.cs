using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using Nosana.Node.Api.Statistics;
using Nosana.Node.Journal;
using Nosana.Node.Logs;
using Nosana.Node.Market.Confidential;
using Nosana.Node.Ssh;
using Nosana.Node.Tests.Support;
using Nosana.Testing;
using static Nosana.Node.Tests.Support.JobBench;

namespace Nosana.Node.Tests.Api;

/// <summary><c>docs/api.md</c> lists every route with an example, and every example is so.</summary>
public sealed partial class ApiPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs/api.md"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Examples =>
        [.. from Match match in Example().Matches(s_page) select (match.Groups["route"].Value, match.Groups["kind"].Value, match.Groups["text"].Value)];

    [Fact]
    public void Page_Routes_AreThoseThatExistEachWithAnExample()
    {
        Assert.Equal(Routes.All.Concat(Routes.Sockets).Order(), Heading().Matches(s_page).Select(match => match.Groups[1].Value).Order());
        Assert.Equal(Routes.All.Concat(Routes.Sockets).Order(), Examples.Select(row => row.Data.Item1).Order());
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Examples))]
    public async Task Example_IsAsThePageSays(string route, string kind, string text)
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob? job = kind is "http" or "ws" ? await RunAsync(bench) : null;
        using var stop = new CancellationTokenSource();
        Task prepared = kind switch
        {
            "http confidential" => WaitAsync(bench, stop.Token),
            "http ended" => EndedAsync(bench),
            _ => Task.CompletedTask,
        };
        text = text.Replace("OWNER", bench.OwnerHeader).Replace("JOB", bench.JobAddress).Replace("NODE", bench.Host.PublicKey.Key);
        string terminal = $"Nosana Terminal Authorization v1\n\njob: {bench.JobAddress}\nnode: {bench.Host.PublicKey}\nexpiresAt: 2026-01-01T00:04:00.000Z";
        text = text.Replace("SIGNED-TEXT", terminal.Replace("\n", "\\n")).Replace("ITS-SIGNATURE", Convert.ToBase64String(bench.Owner.Sign(Encoding.UTF8.GetBytes(terminal))));
        bench.Get<SshAvailability>().Off = null;
        if (kind == "ws") await ShowSocketAsync(bench, text);
        else await ShowAsync(bench, route, text);
        await stop.CancelAsync();
        await Task.WhenAny(prepared);
    }

    private static async Task<RunningJob> RunAsync(ApiBench bench)
    {
        RunningJob job = await RunningJob.StartAsync(bench, Op("serve", args: "\"expose\":8080") + "," + Op("report"));
        bench.Jobs.Logs.OpenOrCreate(bench.JobAddress, "serve").Append(LogStream.Stdout, 1_767_225_600_123_456_000, "hello\n"u8);
        await Eventually.BecomesAsync(async () => (await bench.GetAsync($"/job/{bench.JobAddress}/endpoints")).Status, 200);
        await bench.Get<StatisticsCollector>().StartAsync(Cancel);
        for (int second = 4; second <= 9; second += 5)
        {
            string line = StatisticsTests.Line(DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_600_000).AddSeconds(second), cpuShare: 0.5, cpus: 1) + "\n";
            await bench.Jobs.Engine.ContainerOf("serve")!.Statistics.Writer.WriteAsync(Encoding.UTF8.GetBytes(line), Cancel);
        }
        await Eventually.TrueAsync(() => bench.Get<StatisticsCollector>().Find(bench.JobAddress) is [var op] && op.Newest(0) is not null, "statistics");
        return job;
    }

    private static async Task WaitAsync(ApiBench bench, CancellationToken stop)
    {
        using var control = new Nosana.Node.Jobs.JobControl(stop);
        using IDisposable held = bench.Jobs.Running.Hold(bench.JobAddress, control);
        await bench.Get<OwnerDesk>().DefinitionAsync(bench.JobAddress, stop);
        await Task.Delay(Timeout.Infinite, stop);
    }

    private static Task EndedAsync(ApiBench bench)
    {
        bench.Journal.Finish(
            new RunRecord { Run = "run", Job = bench.JobAddress, Market = "m", Phase = RunPhase.Ran },
            """{"status":"success","startTime":1767225600000,"endTime":1767225660000,"secrets":{},"opStates":[]}"""u8.ToArray());
        return Task.CompletedTask;
    }

    private static async Task ShowAsync(ApiBench bench, string route, string text)
    {
        Match parts = Call().Match(text);
        Assert.True(parts.Success, text);
        string method = parts.Groups["method"].Value, path = parts.Groups["path"].Value, body = parts.Groups["body"].Value;
        Assert.Matches("^" + Regex.Replace(Regex.Escape(route), @"\\\{[a-z]+}", "[^/]+") + "$", $"{method} {path.Split('?')[0]}");
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(bench.Server.Address, path));
        if (body.Length > 0) request.Content = new StringContent(body, Encoding.UTF8);
        foreach (string header in parts.Groups["headers"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = header.Split(": ", 2);
            if (pair[0] == "content-type") request.Content!.Headers.ContentType = new(pair[1]);
            else request.Headers.TryAddWithoutValidation(pair[0], pair[1] == "BOUND" ? bench.Bound(method, path, body) : pair[1]);
        }
        using var http = new HttpClient();
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(parts.Groups["answer"].Value, $"{(int)response.StatusCode} {response.Content.Headers.ContentType}");
        string wanted = parts.Groups["content"].Value;
        if (response.Content.Headers.ContentType!.MediaType != "text/event-stream")
        {
            AssertLike(wanted, await response.Content.ReadAsStringAsync(Cancel));
            return;
        }
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        foreach (string line in wanted.Split('\n')) AssertLike(line, (await lines.ReadLineAsync(Cancel))!);
    }

    private static async Task ShowSocketAsync(ApiBench bench, string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using ClientWebSocket socket = await bench.ConnectAsync(lines[0][2..]);
        foreach (string wanted in lines[1..])
        {
            Task<string?> next = ApiBench.ReceiveAsync(socket);
            await Eventually.EndsAsync(next, bench.Jobs.Clock, TimeSpan.FromMilliseconds(50));
            AssertLike(wanted[2..], (await next)!);
        }
    }

    private static void AssertLike(string wanted, string found) =>
        Assert.Matches("^" + Regex.Escape(wanted.TrimEnd('\n')).Replace("\\*", ".*") + "$", found);

    [GeneratedRegex(@"^### `(.+)`$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^### `(?<route>[^`]+)`\n(?:(?!^#).*\n)*?```(?<kind>http(?: \w+)?|ws)\n(?<text>(?:.*\n)*?)```$", RegexOptions.Multiline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^(?<method>[A-Z]+) (?<path>\S+)\n(?<headers>(?:[a-z-]+: .+\n)*)\n(?:(?<body>[\[{].*)\n\n)?(?<answer>\d\d\d .+)\n(?<content>(?:.*\n)*)$")]
    private static partial Regex Call();
}
