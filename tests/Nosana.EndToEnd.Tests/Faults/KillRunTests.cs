using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine;
using Nosana.Programs.Accounts;
using PublicKey = Nosana.Solana.Wallet.PublicKey;

namespace Nosana.EndToEnd.Tests.Faults;

/// <summary>
/// The real agent killed again and again while it serves real jobs, at moments that a seed chooses: some time after the job was listed or the agent was
/// started, some time after its container has started, or the moment its journal has been written to for the n-th time. The short form is 30 kills; <c>NOSANA_TEST_KILLS=200</c> is the long one,
/// <c>NOSANA_TEST_KILL_SEED</c> another course.
/// </summary>
public sealed class KillRunTests : IAsyncLifetime
{
    private const int ShortKills = 30, MostOfAJob = 3, LatestWrite = 14, LatestMilliseconds = 1000;

    /// <summary>Seconds; far more than a job takes with all its kills, but for the one that has no end.</summary>
    private const long Timeout = 120, ShortTimeout = 12;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private static readonly Kind[] s_kinds =
    [
        new("prints", CountingJob.Definition(0.1), Timeout, static result => CountingJob.AssertWhole(result, container: null)),
        new("prints at once", Definitions.Shell("echo done"), Timeout, static result =>
        {
            Assert.Equal("success", Definitions.StatusOf(result));
            Assert.Equal(["done"], Definitions.LinesOf(Definitions.Op(result)));
        }),
        new("fails", Definitions.Shell("sleep 0.7; exit 7"), Timeout, static result =>
        {
            Assert.Equal("failed", Definitions.StatusOf(result));
            Assert.Equal(7, Definitions.Op(result)["exitCode"]!.GetValue<int>());
        }),
        new("two operations", Two(), Timeout, static result =>
        {
            Assert.Equal("success", Definitions.StatusOf(result));
            Assert.Equal(["first"], Definitions.LinesOf(Definitions.Op(result)));
            Assert.Equal(["second"], Definitions.LinesOf(Definitions.Op(result, 1)));
        }),
        new("invalid", """{"version":"0.1","type":"container","ops":[{"type":"container/nope","id":"a"}]}""", Timeout,
            static result => Assert.Equal("validation-error", Definitions.StatusOf(result))),
        new("has no end", Definitions.Shell("echo begun; exec sleep infinity"), ShortTimeout, static result =>
        {
            Assert.True(Definitions.Op(result)["diagnostics"]!["reason"]!["jobExpired"]!.GetValue<bool>());
            Assert.Equal(["begun"], Definitions.LinesOf(Definitions.Op(result)));
        }),
    ];

    private readonly MarketHost _host = new();
    private readonly List<string> _differences = [];
    private int _kills, _jobs, _adoptions, _atWrites;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MarketNetwork Network => _host.Network;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Host_IsKilledAgainAndAgain_EveryJobHasItsTrueEndOnce()
    {
        int seed = Number("NOSANA_TEST_KILL_SEED", 20261130), kills = Number("NOSANA_TEST_KILLS", ShortKills);
        var random = new Random(seed);
        while (_kills < kills) await RunJobAsync(s_kinds[_jobs % s_kinds.Length], Math.Min(random.Next(1, MostOfAJob + 1), kills - _kills), random);
        string report = string.Create(CultureInfo.InvariantCulture,
            $"seed {seed}: {_kills} kills ({_atWrites} at a write of the journal), {_jobs} jobs, {_adoptions} adoptions, differences = {_differences.Count}\n");
        TestContext.Current.TestOutputHelper?.Write(report);
        Assert.True(_differences.Count == 0, $"{report}{string.Join('\n', _differences)}\n{_host.Process.Text}");
    }

    private async Task RunJobAsync(Kind kind, int kills, Random random)
    {
        await _host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue");
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(kind.Definition, kind.Timeout);
        _jobs++;
        string? running = null;
        bool everRan = false;
        for (int kill = 0; kill < kills && !Network.IsSettled(job); kill++)
        {
            await WaitAsync(job, random);
            await _host.Process.KillAsync();
            _kills++;
            string? now = (await _host.ContainersAsync(job)).FirstOrDefault(container => container.State == "running")?.ID;
            everRan |= now is not null || running is not null;
            running = now ?? running;
            _host.StartWithoutWaiting();
        }
        await _host.UntilAsync(
            () =>
            {
                if (Network.HostIsQueued && Network.Find(job) is { State: JobState.Queued } && !Network.IsSettled(job)) Note(kind, job, "the host sought work beside its run");
                return Network.IsSettled(job);
            },
            $"job {job} ({kind.Name}) is settled", TimeSpan.FromSeconds(kind.Timeout + 60));
        JobAccount account = Network.Find(job)!;
        if (account.State == JobState.Stopped)
        {
            // Only what had no time left, and of which nothing had begun, may be given back.
            if (kind.Timeout != ShortTimeout || everRan) Note(kind, job, "it was given back");
            if (Network.HostNos != before) Note(kind, job, "it was given back and paid");
        }
        else
        {
            Check(kind, job, () => Network.AssertPaidOnce(account, before));
            JsonNode result = Network.ResultOf(job);
            Check(kind, job, () => kind.Check(result));
            if (running is not null)
            {
                if (result["opStates"]!.AsArray().Any(op => op!["providerId"]?.GetValue<string>() == running)) _adoptions++;
                else Note(kind, job, $"container {running[..12]} ran before the kill and is not the result's");
            }
        }
        await _host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue again");
        if (await LeftAsync() is { Count: > 0 } left) Note(kind, job, $"left behind: {string.Join(", ", left)}");
    }

    /// <summary>Until the next kill is due: a time, or a number of writes to the journal.</summary>
    private async Task WaitAsync(PublicKey job, Random random)
    {
        int way = random.Next(4);
        if (way < 2)
        {
            if (way == 1)
                await _host.UntilAsync(
                    async () => Network.IsSettled(job) || (await _host.ContainersAsync(job)).Any(container => container.State == "running"), "a container runs, or the end");
            long began = Stopwatch.GetTimestamp();
            TimeSpan time = TimeSpan.FromMilliseconds(random.Next(LatestMilliseconds));
            await _host.UntilAsync(() => Stopwatch.GetElapsedTime(began) >= time, "the time of a kill");
            return;
        }
        _atWrites++;
        int writes = random.Next(1, LatestWrite + 1);
        var journal = new FileInfo(Path.Combine(Network.StateDirectory, "journal.db-wal"));
        (long Length, DateTime Written) seen = default;
        int changes = -1;
        while (changes < writes && !Network.IsSettled(job))
        {
            journal.Refresh();
            (long, DateTime) now = journal.Exists ? (journal.Length, journal.LastWriteTimeUtc) : default;
            if (now != seen) changes++;
            seen = now;
            await Task.Yield();
        }
    }

    /// <summary>What of the host's jobs is on the engine.</summary>
    private async Task<IReadOnlyList<string>> LeftAsync()
    {
        var filter = new DockerFilters { { "label", $"{EngineLabels.Agent}={Network.Host}", EngineLabels.Job } };
        var left = new List<string>();
        left.AddRange((await _host.Engine.ListContainersAsync(new ContainersListParameters { All = true, Filters = filter }, Token)).SelectMany(container => container.Names));
        left.AddRange((await _host.Engine.ListNetworksAsync(new NetworksListParameters { Filters = filter }, Token)).Select(network => network.Name));
        return left;
    }

    private void Check(Kind kind, PublicKey job, Action check)
    {
        try
        {
            check();
        }
        catch (Exception e) when (e is Xunit.Sdk.XunitException or NullReferenceException)
        {
            Note(kind, job, e.Message);
        }
    }

    private void Note(Kind kind, PublicKey job, string what) => _differences.Add($"{kind.Name}, job {job}, kill {_kills}: {what}");

    private static string Two()
    {
        JsonNode definition = JsonNode.Parse(Definitions.Shell("sleep 0.4; echo first"))!;
        JsonNode second = definition["ops"]![0]!.DeepClone();
        second["id"] = "second";
        second["args"]!["cmd"] = "sleep 0.4; echo second";
        second["execution"] = new JsonObject { ["group"] = "later" };
        definition["ops"]!.AsArray().Add(second);
        return definition.ToJsonString();
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <param name="Name">In a word or two.</param>
    /// <param name="Definition">JSON.</param>
    /// <param name="Timeout">Seconds.</param>
    /// <param name="Check">Of its result.</param>
    private sealed record Kind(string Name, string Definition, long Timeout, Action<JsonNode> Check);
}
