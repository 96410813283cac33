using Nosana.Node.Journal;
using Nosana.Node.Logs;
using Nosana.Node.Operations;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.Operations;

/// <summary>What an agent leaves on its own disk keeps to its budgets while it runs.</summary>
public sealed class StateKeeperTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly FakeEngine _engine;
    private readonly JournalStore _journal;
    private readonly StateBench _state;

    public StateKeeperTests()
    {
        _engine = new FakeEngine(_clock);
        _journal = JournalStore.InMemory(_clock);
        _state = new StateBench(_engine, _journal, _clock);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DateTime Now => _clock.GetUtcNow().UtcDateTime;

    public void Dispose()
    {
        _state.Dispose();
        _journal.Dispose();
        _engine.Dispose();
    }

    [Fact]
    public void Prune_OutputBeyondTheBudget_RemovesThatOfTheJobsThatEndedLongestAgo()
    {
        _state.Print("oldest", 40_000, Now.AddHours(-3));
        _state.Print("running", 40_000, Now.AddHours(-4));
        _state.Print("older", 20_000, Now.AddHours(-2));
        _state.Print("newest", 5_000, Now.AddHours(-1));
        _journal.Save(new RunRecord { Run = "run", Job = "running", Market = "market", Phase = RunPhase.Running });
        _state.Logs.OpenOrCreate("open", "op").Append(LogStream.Stdout, 1, "x"u8);
        _state.Keeper.Prune();
        Assert.Equal((false, true, true, true, true),
            (_state.HasLogs("oldest"), _state.HasLogs("running"), _state.HasLogs("older"), _state.HasLogs("newest"), _state.HasLogs("open")));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ExecuteAsync_WhileTheAgentRuns_PrunesAgainAndAgain()
    {
        await _state.Keeper.StartAsync(Token);
        _state.Print("old", 50_000, Now.AddHours(-2));
        _state.Print("new", 50_000, Now.AddHours(-1));
        await Eventually.TrueAsync(() =>
        {
            _clock.Advance(StateKeeper.Interval);
            return !_state.HasLogs("old");
        }, "the removal");
        Assert.True(_state.HasLogs("new"));
        await _state.Keeper.StopAsync(Token);
    }

    [Fact]
    public void Prune_DownloadsThatNobodyGoesOnWith_GoAfterADay()
    {
        _state.Download("old", 10, Now.AddHours(-25));
        _state.Download("new", 10, Now.AddHours(-23));
        _state.Keeper.Prune();
        Assert.Equal("new", Path.GetFileName(Assert.Single(Directory.GetDirectories(_state.Downloads))));
    }

    [Fact]
    public void Prune_ManyOperationsThatPrintedNothing_CountForWhatTheyTakeAllTheSame()
    {
        for (int job = 0; job < 5; job++)
        {
            for (int op = 0; op < 10; op++) _state.Logs.OpenOrCreate($"job{job}", $"{op}");
            _state.Logs.Close($"job{job}");
            _clock.Advance(TimeSpan.FromHours(1));
        }
        _state.Keeper.Prune(); // 4 KiB each
        Assert.Equal(2, Enumerable.Range(0, 5).Count(job => _state.HasLogs($"job{job}")));
    }

    [Fact]
    public void FindProblem_DiskCannotBeLookedAt_SaysSo()
    {
        _state.FreeBytes = () => throw new DriveNotFoundException("gone");
        Assert.Contains("cannot be used: gone", _state.Keeper.FindProblem(), StringComparison.Ordinal);
    }

    [Fact]
    public void FindProblem_DiskRunsFull_EverythingThatNobodyNeedsGoesFirst()
    {
        _state.Print("ended", 100, Now);
        _state.Print("running", 100, Now);
        _state.Download("unfinished", 100, Now);
        _journal.Save(new RunRecord { Run = "run", Job = "running", Market = "market", Phase = RunPhase.Running });
        Assert.Null(_state.Keeper.FindProblem());
        Assert.True(_state.HasLogs("ended"));
        _state.FreeBytes = () => _state.Keeper.NeededBytes - (_state.HasLogs("ended") ? 1 : 0);
        Assert.Null(_state.Keeper.FindProblem());
        Assert.Equal((false, true), (_state.HasLogs("ended"), _state.HasLogs("running")));
        Assert.Empty(Directory.GetDirectories(_state.Downloads));
        _state.FreeBytes = () => 7;
        Assert.Contains($"has 7 bytes left, and a job's output and result may take {_state.Keeper.NeededBytes}", _state.Keeper.FindProblem(), StringComparison.Ordinal);
    }
}
