using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.JobDefinition.Exposure;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>Jobs from their listing to the reward, on one host that serves all of them one after the other.</summary>
public sealed class JobLifeTests(MarketHost host, ITestOutputHelper output) : IClassFixture<MarketHost>
{
    /// <summary>The bounds here tell a thread that hangs from one that works; on an idle machine a tenth of them is met.</summary>
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(20), RequeueBound = TimeSpan.FromSeconds(10), GoneBound = TimeSpan.FromSeconds(10);

    private const string Page = "a page of a tenant", ServePage = $"mkdir /www; echo '{Page}' > /www/index.html; httpd -p 8080 -h /www";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MarketNetwork Network => host.Network;

    [Fact]
    public async Task Job_PrintsAndSleeps_IsPaidBySecondAndItsResultIsOnIpfs()
    {
        await host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue");
        (ulong hostNos, ulong posterNos, ulong vaultNos) = (Network.HostNos, Network.PosterNos, Network.VaultNos);
        string file = Path.Combine(Network.Directory, "hello.json");
        await File.WriteAllTextAsync(file, Definitions.Shell("echo hello from a container; sleep 3"), Token);

        JsonNode job = await host.JobAsync("post", file, "--timeout", "60", "--wait");

        Assert.Equal("COMPLETED", job["state"]!.GetValue<string>());
        Assert.Equal(Network.Host.Key, job["node"]!.GetValue<string>());
        Assert.Equal("success", Definitions.StatusOf(job["result"]!));
        Assert.Equal(["hello from a container"], Definitions.LinesOf(Definitions.Op(job["result"]!)));
        JobAccount account = Network.Find(new PublicKey(job["job"]!.GetValue<string>()))!;
        long seconds = account.TimeEnd - account.TimeStart;
        Assert.InRange(seconds, 3, 59);
        ulong paid = (ulong)seconds * MarketNetwork.Price;
        Assert.Equal((hostNos + paid, posterNos - paid, vaultNos), (Network.HostNos, Network.PosterNos, Network.VaultNos));
    }

    [Fact]
    public async Task Job_ListedForAWaitingHost_StartsSoonAndTheHostQueuesAgainSoon()
    {
        await host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue");
        DateTimeOffset listed = DateTimeOffset.UtcNow;
        PublicKey job = await Network.PostAsync(Definitions.Shell("sleep 1"));
        await host.UntilAsync(() => Network.IsSettled(job), "the job is settled");
        DateTimeOffset settled = DateTimeOffset.UtcNow;
        await host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue again");
        DateTimeOffset queued = DateTimeOffset.UtcNow;

        JsonNode state = Definitions.Op(Network.ResultOf(job))["diagnostics"]!["state"]!;
        DateTimeOffset started = Time(state["StartedAt"]!), ended = Time(state["FinishedAt"]!);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"listing to container {(started - listed).TotalMilliseconds:0} ms; container's end to finish {(settled - ended).TotalMilliseconds:0} ms, finish to queue {(queued - settled).TotalMilliseconds:0} ms, end to queue {(queued - ended).TotalMilliseconds:0} ms"));
        Assert.InRange(started - listed, TimeSpan.Zero, StartBound);
        Assert.InRange(queued - ended, TimeSpan.Zero, RequeueBound);
    }

    [Fact]
    public async Task Job_NeverEnds_EndsAtItsTimeout()
    {
        const long Timeout = 12;
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(Definitions.Exec("sleep", "infinity"), Timeout);

        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        Assert.Equal("success", Definitions.StatusOf(result));
        Assert.Equal("success", Definitions.Op(result)["status"]!.GetValue<string>());
        Assert.True(Definitions.Op(result)["diagnostics"]!["reason"]!["jobExpired"]!.GetValue<bool>());
        Assert.InRange(account.TimeEnd - account.TimeStart, Timeout, Timeout + 15);
        Assert.Equal(before + Timeout * MarketNetwork.Price, Network.HostNos);
        Assert.Empty(await host.ContainersAsync(job));
    }

    [Fact]
    public async Task Job_EndedByItsPoster_HasItsResultDelivered()
    {
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo begun; exec sleep infinity"));
        await host.RunningContainerAsync(job);
        long began = (await Network.FindRunAsync(job))!.Time;
        await host.UntilAsync(() => DateTimeOffset.UtcNow.ToUnixTimeSeconds() > began, "a second has passed");

        JsonNode answer = await host.JobAsync("end", job);
        ulong paid = Network.HostNos;
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);

        Assert.True(answer["ended"]!.GetValue<bool>());
        Assert.Equal(("success", "stopped"), Definitions.StatusesOf(result));
        Assert.True(Definitions.Op(result)["diagnostics"]!["reason"]!["jobStopped"]!.GetValue<bool>());
        Assert.Equal(["begun"], Definitions.LinesOf(Definitions.Op(result)));
        Assert.True(account.TimeEnd > account.TimeStart);
        Assert.Equal(paid, Network.HostNos); // delivering the result pays nothing once more
        Assert.Empty(await host.ContainersAsync(job));
    }

    [Fact]
    public async Task Job_ServesAPage_IsReachedByItsNameUntilItsPosterEndsIt()
    {
        // It does not heed the stop signal: the name is gone long before the container is.
        (PublicKey job, string name, HttpClient http) = await ExposedAsync($"trap '' TERM; {ServePage}; while true; do sleep 1; done");
        using HttpClient client = http;
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(http, name.ToLowerInvariant())).Status); // as browsers write it
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(http, "nobody.localhost")).Status);

        long ended = Stopwatch.GetTimestamp();
        await Network.Poster.EndAsync(job, Token);
        await host.UntilAsync(async () => (await AskAsync(http, name)).Status == HttpStatusCode.Gone, "the name is gone");
        TimeSpan took = Stopwatch.GetElapsedTime(ended);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"poster's end to 410: {took.TotalMilliseconds:0} ms"));
        Assert.InRange(took, TimeSpan.Zero, GoneBound);
        Assert.Contains(await host.ContainersAsync(job), container => container.State == "running");
        (_, JsonNode result) = await host.CompletedAsync(job);
        Assert.Equal(("success", "stopped"), Definitions.StatusesOf(result));
        Assert.Empty(result["secrets"]!.AsObject());
    }

    [Fact]
    public async Task Job_EndsByItselfWhileExposed_ItsNameIsGone()
    {
        (PublicKey job, string name, HttpClient http) = await ExposedAsync($"{ServePage}; sleep 2");
        using HttpClient client = http;
        await host.UntilAsync(async () => (await AskAsync(http, name)).Status == HttpStatusCode.Gone, "the name is gone");
        DateTimeOffset gone = DateTimeOffset.UtcNow;
        (_, JsonNode result) = await host.CompletedAsync(job);

        DateTimeOffset ended = Time(Definitions.Op(result)["diagnostics"]!["state"]!["FinishedAt"]!);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"container's end to 410: {(gone - ended).TotalMilliseconds:0} ms"));
        Assert.Equal("success", Definitions.StatusOf(result));
        Assert.InRange(gone - ended, TimeSpan.Zero, GoneBound);
    }

    [Fact]
    public async Task Job_PrintsTwoHundredThousandLines_LosesNone()
    {
        const int Lines = 200_000;
        PublicKey job = await Network.PostAsync(Definitions.Exec("seq", "1", Lines.ToString(CultureInfo.InvariantCulture)));

        (_, JsonNode result) = await host.CompletedAsync(job);

        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int line = 1; line <= Lines; line++) digest.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{line}\n")));
        JsonNode op = Definitions.Op(result);
        IReadOnlyList<string> kept = Definitions.LinesOf(op);
        Assert.Equal(Lines, kept.Count + op["logsDropped"]!["lines"]!.GetValue<long>());
        Assert.Equal(Enumerable.Range(Lines - kept.Count + 1, kept.Count).Select(line => line.ToString(CultureInfo.InvariantCulture)), kept);
        Assert.Equal(Convert.ToHexStringLower(digest.GetHashAndReset()), op["logsDropped"]!["sha256"]!.GetValue<string>());
    }

    /// <summary>Posts a job that exposes port 8080 and waits until its page is reached.</summary>
    private async Task<(PublicKey Job, string Name, HttpClient Http)> ExposedAsync(string line)
    {
        int from = host.Process.Lines.Count;
        PublicKey job = await Network.PostAsync(Definitions.Shell(line, new JsonObject { ["expose"] = 8080 }));
        string name = $"{ExposeId.ForPort(0, 8080, job)}.localhost";
        NodeProcess.Line announced = await host.Process.LineAsync(name, from);
        string port = announced.Text[(announced.Text.IndexOf(name, StringComparison.Ordinal) + name.Length + 1)..].Split(' ')[0];
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        string body = "";
        await host.UntilAsync(async () =>
        {
            (HttpStatusCode status, body) = await AskAsync(http, name);
            return status == HttpStatusCode.OK;
        }, "the page is there");
        Assert.Equal(Page, body.Trim());
        return (job, name, http);
    }

    private static DateTimeOffset Time(JsonNode text) => DateTimeOffset.Parse(text.GetValue<string>(), CultureInfo.InvariantCulture);

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient http, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = name;
        using HttpResponseMessage response = await http.SendAsync(request, Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
