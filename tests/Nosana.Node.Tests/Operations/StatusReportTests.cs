using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Market;
using Nosana.Node.Operations;
using Nosana.Node.Tests.Logs;
using Nosana.Node.Tests.Support;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Operations;

/// <summary>What a service manager and a health check hear of a slot.</summary>
public sealed class StatusReportTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingNotifier _systemd = new();
    private MarketBench _bench = null!;

    private static CancellationToken Cancel => MarketBench.Cancel;

    private StatusFile File => new(_directory.Path);

    public async ValueTask InitializeAsync() => _bench = await MarketBench.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _directory.Dispose();
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Report_JobIsServed_TellsEachStateOnce()
    {
        MarketWorker worker = _bench.Worker();
        using StatusReport report = await StartAsync();
        _bench.Clock.Advance(StatusReport.Interval);
        PublicKey job = await _bench.ListAsync();
        await worker.StepAsync(Cancel);
        await Eventually.EndsAsync(worker.StepAsync(Cancel), _bench.Clock, TimeSpan.FromMilliseconds(10));
        _bench.Clock.Advance(StatusReport.Interval);
        Assert.Equal(["STATUS=Starting", "STATUS=Joining the queue", $"STATUS=Serving job {job}"], _systemd.Told);
        Assert.Equal($"Serving job {job}", File.Read()!.Slot.Text);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Report_HostHasAProblem_SaysWhyItIsOutOfTheQueue()
    {
        MarketWorker worker = _bench.Worker();
        using StatusReport report = await StartAsync();
        _bench.HostProblem = "the engine\nis away";
        Task waiting = worker.StepAsync(Cancel);
        await Eventually.TrueAsync(() => _systemd.Told.Count > 0, "the first word");
        Assert.Equal("STATUS=Out of the queue until 2026-01-01 00:01:00Z: the engine\\nis away", _systemd.Told[^1]);
        await Eventually.EndsAsync(waiting, _bench.Clock, MarketWorker.BackOffInterval);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StatusFile_AgentLives_IsFreshAndGoesWithIt()
    {
        using StatusReport report = await StartAsync();
        _bench.Clock.Advance(StatusReport.Interval);
        AgentStatus first = File.Read()!;
        _bench.Clock.Advance(AgentStatus.LongestSilence);
        Assert.Null(File.Read()!.Problem(_bench.Clock.GetUtcNow()));
        await report.StopAsync(Cancel);
        _bench.Clock.Advance(StatusReport.Interval);
        Assert.Null(File.Read());
        Assert.Null(first.Problem(first.WrittenAt + AgentStatus.LongestSilence));
        Assert.Contains("no sign of life for 61 s", first.Problem(first.WrittenAt + AgentStatus.LongestSilence + TimeSpan.FromSeconds(1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 15, null)]
    [InlineData(false, 16, "not looked at its market for 16 minutes")]
    [InlineData(true, 600, null)]
    public void Problem_OldState_IsOneUnlessAJobIsServed(bool isServing, int minutes, string? problem)
    {
        DateTimeOffset now = _bench.Clock.GetUtcNow();
        string? found = new AgentStatus(now, new SlotState("x", now.AddMinutes(-minutes), isServing)).Problem(now);
        if (problem is null) Assert.Null(found);
        else Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Report_DirectoryIsGone_TheSlotGoesOn()
    {
        MarketWorker worker = _bench.Worker();
        using var report = new StatusReport(_bench.Status, new StatusFile(Path.Combine(_directory.Path, "gone")), _bench.Clock, NullLogger<StatusReport>.Instance, _systemd);
        await report.StartAsync(Cancel);
        await worker.StepAsync(Cancel);
        Assert.Contains("STATUS=Joining the queue", _systemd.Told);
        Assert.NotNull(await _bench.Queue.FindAsync(Cancel));
    }

    private async Task<StatusReport> StartAsync()
    {
        var report = new StatusReport(_bench.Status, File, _bench.Clock, NullLogger<StatusReport>.Instance, _systemd);
        await report.StartAsync(Cancel);
        return report;
    }

    private sealed class RecordingNotifier : ISystemdNotifier
    {
        private readonly List<string> _told = [];

        public bool IsEnabled => true;

        public IReadOnlyList<string> Told
        {
            get { lock (_told) return [.. _told]; }
        }

        public void Notify(ServiceState state)
        {
            lock (_told) _told.Add(state.ToString());
        }
    }
}
