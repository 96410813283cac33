using Nosana.Node.Journal;
using Nosana.Node.Market;
using Nosana.Node.Tests.Logs;
using Nosana.Testing;

namespace Nosana.Node.Tests.Market;

public sealed class RefusalPolicyTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly JournalStore _journal;
    private readonly RefusalPolicy _policy;

    public RefusalPolicyTests()
    {
        _journal = JournalStore.InMemory(_clock);
        _policy = new RefusalPolicy(_clock, _journal);
    }

    public void Dispose() => _journal.Dispose();

    [Fact]
    public void Refused_TheAgentCrashesBetweenRefusals_TheThirdBacksOffAllTheSame()
    {
        _policy.Refused(RefusalCause.Job, "a");
        new RefusalPolicy(_clock, _journal).Refused(RefusalCause.Job, "b");
        QueueBackOff backOff = new RefusalPolicy(_clock, _journal).Refused(RefusalCause.Job, "c")!;
        Assert.Equal(3, backOff.Refusals);
        var restarted = new RefusalPolicy(_clock, _journal);
        Assert.Equal(backOff, restarted.Current);
        restarted.Resume();
        Assert.Equal(TimeSpan.FromMinutes(2), new RefusalPolicy(_clock, _journal).Refused(RefusalCause.Job, "d")!.Length);
    }

    [Fact]
    public void Served_ThenARestart_NothingIsRemembered()
    {
        _policy.Refused(RefusalCause.Host, "engine down");
        _policy.Served();
        var restarted = new RefusalPolicy(_clock, _journal);
        Assert.Equal((null, 0), (restarted.Current, restarted.RefusalsSoFar));
    }

    [Fact]
    public void Refused_TheJournalCannotBeWritten_BacksOffAllTheSame()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "journal.db");
        JournalStore.Open(path, _clock).Dispose();
        using JournalStore readOnly = JournalStore.OpenReadOnly(path, _clock); // as on a disk that is full
        Assert.NotNull(new RefusalPolicy(_clock, readOnly).Refused(RefusalCause.Host, "disk full"));
    }

    [Fact]
    public void Restart_TheClockWasPutBack_BacksOffForNoLongerThanItsLength()
    {
        _policy.Refused(RefusalCause.Host, "engine down");
        var earlier = new ManualTimeProvider(_clock.GetUtcNow() - TimeSpan.FromDays(3));
        Assert.Equal(earlier.GetUtcNow() + TimeSpan.FromMinutes(1), new RefusalPolicy(earlier, _journal).Current!.Until);
    }

    [Fact]
    public void Refused_ThreeJobsInARow_BacksOffAMinute()
    {
        Assert.Null(_policy.Refused(RefusalCause.Job, "a"));
        Assert.Null(_policy.Refused(RefusalCause.Job, "b"));
        QueueBackOff? backOff = _policy.Refused(RefusalCause.Job, "c");
        Assert.Equal(new QueueBackOff(RefusalCause.Job, "c", 3, _clock.GetUtcNow().AddMinutes(1), TimeSpan.FromMinutes(1)), backOff);
        Assert.Same(backOff, _policy.Current);
    }

    [Fact]
    public void Refused_TheHostsFault_BacksOffAtOnce() => Assert.Equal(1, _policy.Refused(RefusalCause.Host, "engine down")?.Refusals);

    [Fact]
    public void Refused_AgainAndAgain_DoublesToAnHour()
    {
        List<double> minutes = [];
        for (int i = 0; i < 9; i++)
        {
            minutes.Add(_policy.Refused(RefusalCause.Host, "x")!.Length.TotalMinutes);
            _policy.Resume();
        }
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], minutes);
    }

    [Fact]
    public void Resume_TheNextRefusal_BacksOffAtOnce()
    {
        for (int i = 0; i < 3; i++) _policy.Refused(RefusalCause.Job, "x");
        _policy.Resume();
        Assert.Null(_policy.Current);
        Assert.Equal(TimeSpan.FromMinutes(2), _policy.Refused(RefusalCause.Job, "y")?.Length);
    }

    [Fact]
    public void Served_ClearsTheCountAndTheLength()
    {
        _policy.Refused(RefusalCause.Host, "x");
        _policy.Resume();
        _policy.Served();
        Assert.Equal(0, _policy.RefusalsSoFar);
        Assert.Null(_policy.Refused(RefusalCause.Job, "y"));
        Assert.Equal(TimeSpan.FromMinutes(1), _policy.Refused(RefusalCause.Host, "z")?.Length);
    }

    [Theory]
    [InlineData("Host:engine: down", "Host", "engine: down")]
    [InlineData("Job:24 GB of VRAM asked, 0 free", "Job", "24 GB of VRAM asked, 0 free")]
    public void RefusedFor_JournaledReason_IsReadBack(string journaled, string cause, string reason) =>
        Assert.Equal(new RunOutcome(RunOutcomeKind.Refused, Enum.Parse<RefusalCause>(cause), reason), RunOutcome.RefusedFor(journaled));
}
