using Nosana.Node.Chain;
using Nosana.Node.Posting;
using Nosana.Node.Tests.Chain;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Tests.Posting;

public sealed class JobSearchTests : IAsyncLifetime
{
    private ChainStub _stub = null!;
    private PublicKey _poster, _other, _node, _away;
    private PublicKey _queued, _running, _completed, _stopped, _claimed, _elsewhere;

    public async ValueTask InitializeAsync()
    {
        _stub = await ChainStub.StartAsync();
        (_poster, _other, _node, _away) = (_stub.NewKey(), _stub.NewKey(), _stub.NewKey(), _stub.NewKey());
        var job = new JobAccount { Market = _stub.Market, Project = _poster, Payer = _poster, Price = 100, Timeout = 60 };
        _queued = _stub.Put(job);
        _running = _stub.Put(job);
        _stub.Put(new RunAccount { Job = _running, Node = _node, Payer = _node, Time = 2_000 });
        _completed = _stub.Put(job with { State = JobState.Done, Node = _node, TimeStart = 1_000, TimeEnd = 1_030 });
        _stopped = _stub.Put(job with { State = JobState.Stopped });
        _claimed = _stub.Put(job with { State = JobState.Stopped, Project = _other });
        _stub.Put(new RunAccount { Job = _claimed, Node = _away, Payer = _away, Time = 3_000 });
        _elsewhere = _stub.Put(job with { Market = _away, State = JobState.Done, Node = _away, TimeStart = 1_500, TimeEnd = 1_600, Project = _other });
    }

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task Find_Everything_WaitingFirstThenNewest()
    {
        IReadOnlyList<FoundJob> found = await FindAsync(new JobQuery());

        Assert.Equal([_claimed, _running, _elsewhere, _completed], found.Where(job => job.TimeStart > 0).Select(job => job.Address));
        Assert.Equal(new[] { _queued, _stopped }.Order(), found.Take(2).Select(job => job.Address));
    }

    [Theory]
    [InlineData(JobStates.Queued)]
    [InlineData(JobStates.Running)]
    [InlineData(JobStates.Completed)]
    [InlineData(JobStates.Stopped)]
    public async Task Find_ByState_ThatStateAlone(string state)
    {
        PublicKey[] expected = state switch
        {
            JobStates.Queued => [_queued],
            JobStates.Running => [_running],
            JobStates.Completed => [_elsewhere, _completed],
            _ => [_stopped, _claimed],
        };

        IReadOnlyList<FoundJob> found = await FindAsync(new JobQuery(State: state));

        Assert.Equal(expected, found.Select(job => job.Address));
        Assert.All(found, job => Assert.Equal(state, job.State));
    }

    [Fact]
    public async Task Find_ByNode_WhatItRunsAndRan()
    {
        IReadOnlyList<FoundJob> found = await FindAsync(new JobQuery(Node: _node));

        Assert.Equal([(_running, "RUNNING"), (_completed, "COMPLETED")], found.Select(job => (job.Address, job.State)));
        Assert.All(found, job => Assert.Equal(_node, job.Node));
    }

    [Fact]
    public async Task Find_ByNodeWithOtherFilters_AllHold()
    {
        Assert.Equal([_running], (await FindAsync(new JobQuery(Node: _node, State: JobStates.Running, Market: _stub.Market, Project: _poster))).Select(job => job.Address));
        Assert.Empty(await FindAsync(new JobQuery(Node: _node, Project: _other)));
        Assert.Equal([_claimed, _elsewhere], (await FindAsync(new JobQuery(Node: _away))).Select(job => job.Address));
        Assert.Equal([_elsewhere], (await FindAsync(new JobQuery(Node: _away, Market: _away))).Select(job => job.Address));
    }

    [Fact]
    public async Task Find_ByMarketAndProject_Both()
    {
        Assert.Equal([_elsewhere], (await FindAsync(new JobQuery(Market: _away))).Select(job => job.Address));
        Assert.Equal([_claimed, _elsewhere], (await FindAsync(new JobQuery(Project: _other))).Select(job => job.Address));
        Assert.Equal([_claimed], (await FindAsync(new JobQuery(Market: _stub.Market, Project: _other, State: JobStates.Stopped))).Select(job => job.Address));
    }

    [Fact]
    public async Task Markets_OfTheNetwork_AllWithTheirQueues()
    {
        PublicKey second = _stub.Put(new MarketAccount { JobPrice = 7, QueueType = QueueType.Node, Queue = [_away, _node] });

        IReadOnlyList<ObservedMarket> markets = await _stub.Chain.MarketsAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new[] { _stub.Market, second }.Order(), markets.Select(market => market.Address));
        Assert.Equal([_away, _node], markets.Single(market => market.Address == second).Market.Queue);
    }

    private Task<IReadOnlyList<FoundJob>> FindAsync(JobQuery query) => new JobSearch(_stub.Chain).FindAsync(query, TestContext.Current.CancellationToken);
}
