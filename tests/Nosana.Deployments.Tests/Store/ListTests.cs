using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using static Nosana.Deployments.Tests.Store.TestStore;

namespace Nosana.Deployments.Tests.Store;

public sealed class ListTests
{
    private static readonly PageRequest s_all = new(100, IsAscending: true);

    [Theory, Both]
    public async Task ListAsync_ByEachFilter_FindsThoseThatHoldIt(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        DateTimeOffset start = test.Time.GetUtcNow();
        await test.AddAsync(New("aa") with { Name = "First", IdempotencyKey = "k" });
        test.Time.Advance(TimeSpan.FromSeconds(1));
        await test.AddAsync(New("bb") with { Name = "second", Status = DeploymentStatus.Running, Vault = "v2" });
        test.Time.Advance(TimeSpan.FromSeconds(1));
        await test.AddAsync(New("cc") with { Name = "third", Strategy = DeploymentStrategy.Infinite });
        await test.AddAsync(New("dd", owner: "another") with { Name = "first" });

        await Expect("aa bb cc", new DeploymentFilter { Owner = "owner" });
        await Expect("aa bb cc dd", new DeploymentFilter());
        await Expect("bb", new DeploymentFilter { Owner = "owner", Ids = ["bb", "dd", "nothing"] });
        await Expect("aa cc", new DeploymentFilter { Owner = "owner", Names = ["First", "third"] });
        await Expect("bb", new DeploymentFilter { Owner = "owner", Statuses = [DeploymentStatus.Running, DeploymentStatus.Error] });
        await Expect("cc", new DeploymentFilter { Owner = "owner", Strategies = [DeploymentStrategy.Infinite] });
        await Expect("bb", new DeploymentFilter { Owner = "owner", Vaults = ["v2"] });
        await Expect("aa", new DeploymentFilter { Owner = "owner", IdempotencyKey = "k" });
        // Both ends belong to it.
        await Expect("aa bb", new DeploymentFilter { Owner = "owner", Created = new TimeRange(start, start.AddSeconds(1)) });
        await Expect("", new DeploymentFilter { Owner = "owner", Ids = [] });

        async Task Expect(string ids, DeploymentFilter filter)
        {
            Page<Deployment> page = await test.Store.ListAsync(filter, s_all, Stop);
            Assert.Equal(ids, string.Join(' ', page.Items.Select(one => one.Id)));
            Assert.Equal(page.Items.Count, page.Total);
        }
    }

    [Theory, Both]
    public async Task ListAsync_Search_IsAPartOfIdOrNameInCapitalsOrNotAndNoPattern(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        foreach ((string id, string name) in ((string, string)[])[("Aa1", "50% off"), ("Bb2", "50 percent"), ("Cc3", "snake_case"), ("Dd4", "snakeXcase"), ("Ee5", @"back\slash"), ("Ff6", "Überall"), ("Gg7", "[x]")])
            await test.AddAsync(New(id) with { Name = name });

        await Expect("Aa1", "0% O");
        await Expect("Cc3", "E_C");
        await Expect("Ee5", @"K\S");
        await Expect("Bb2", "bB2");
        await Expect("Ff6", "ÜBER");
        await Expect("Gg7", "[X]");
        await Expect("Aa1", "%");
        await Expect("Aa1 Bb2", "50");
        await Expect("Aa1 Bb2 Cc3 Dd4 Ee5 Ff6 Gg7", "");

        async Task Expect(string ids, string search) => Assert.Equal(
            ids,
            string.Join(' ', (await test.Store.ListAsync(new DeploymentFilter { Search = search }, s_all, Stop)).Items.Select(one => one.Id).Order()));
    }

    [Theory, Both]
    public async Task ListAsync_PageByPage_ThereAndBackAreTheSamePages(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        for (int i = 0; i < 23; i++)
        {
            await test.AddAsync();
            // Several of one time, so that the id decides.
            if (i % 3 == 0) test.Time.Advance(TimeSpan.FromMilliseconds(1));
        }
        foreach (bool isAscending in (bool[])[true, false])
        {
            string[] all = [.. (await test.Store.ListAsync(new DeploymentFilter(), new PageRequest(100, isAscending), Stop)).Items.Select(one => one.Id)];
            foreach (int limit in (int[])[1, 2, 5, 10, 22, 23, 24])
            {
                List<Page<Deployment>> there = [await PageAsync(null)];
                Assert.Null(there[0].Previous);
                while (there[^1].Next is { } next) there.Add(await PageAsync(next));
                Assert.Equal(all, there.SelectMany(page => page.Items).Select(one => one.Id));
                Assert.All(there, page => Assert.Equal(23, page.Total));

                Page<Deployment> back = there[^1];
                for (int i = there.Count - 2; i >= 0; i--)
                {
                    back = await PageAsync(back.Previous);
                    Assert.Equal(there[i].Items.Select(one => one.Id), back.Items.Select(one => one.Id));
                    // And on again from there.
                    Assert.Equal(there[i + 1].Items.Select(one => one.Id), (await PageAsync(back.Next)).Items.Select(one => one.Id));
                }
                if (there.Count > 1) Assert.Null(back.Previous);

                async Task<Page<Deployment>> PageAsync(Cursor? cursor)
                {
                    // As a client has it.
                    if (cursor is not null) Assert.True(Cursor.TryParse(cursor.ToString(), out cursor));
                    return await test.Store.ListAsync(new DeploymentFilter(), new PageRequest(limit, isAscending, cursor), Stop);
                }
            }
        }
    }

    [Theory, Both]
    public async Task Lists_OfWhatBelongsToADeployment_AreFilteredAndPaged(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment one = await test.AddAsync(null, new DeploymentEvent("A", "a"), new DeploymentEvent("B", "b", Category: DeploymentEvent.OfOther), new DeploymentEvent("A", "c"));
        await test.AddAsync(null, new DeploymentEvent("A", "another's"));
        one = (await test.Store.TryAddRevisionAsync(new DeploymentChange(one)
        {
            NewJobs = [Job("j1"), Job("j2") with { State = JobState.Running }, Job("j3") with { Revision = 2 }],
            NewTargets = [Listing("j1"), Listing("j3") with { State = TargetState.Confirmed }, new ChainTarget { Key = "s", Kind = TargetKind.Stop, Job = "j2", Deployment = "" }],
        }, "{}", null, Stop))!;

        Assert.Equal(["j2"], (await test.Store.ListJobsAsync(new JobFilter(one.Id) { States = [JobState.Running] }, s_all, Stop)).Items.Select(job => job.Job));
        Assert.Equal(["j3"], (await test.Store.ListJobsAsync(new JobFilter(one.Id) { Revisions = [2] }, s_all, Stop)).Items.Select(job => job.Job));
        Assert.Equal(["j1"], (await test.Store.ListJobsAsync(new JobFilter(one.Id) { Jobs = ["j1"] }, s_all, Stop)).Items.Select(job => job.Job));
        Assert.Equal([2], (await test.Store.ListRevisionsAsync(new RevisionFilter(one.Id) { Revisions = [2] }, s_all, Stop)).Items.Select(revision => revision.Revision));
        Assert.Equal(["a", "c"], (await test.Store.ListEventsAsync(new EventFilter(one.Id) { Types = ["A"] }, s_all, Stop)).Items.Select(told => told.Message));
        Assert.Equal(["b"], (await test.Store.ListEventsAsync(new EventFilter(one.Id) { Categories = ["Event"] }, s_all, Stop)).Items.Select(told => told.Message));
        Assert.Equal(["s"], (await test.Store.ListTargetsAsync(new TargetFilter(one.Id) { Kinds = [TargetKind.Stop] }, s_all, Stop)).Items.Select(target => target.Key));
        Assert.Equal(2, (await test.Store.ListTargetsAsync(new TargetFilter(one.Id), s_all, Stop)).Total);
        Assert.Equal(2, (await test.Store.CountJobsAsync([one.Id], Stop))[(one.Id, JobState.Pending)]);
        Assert.Equal(["j1", "j2", "j3"], (await test.Store.ActiveJobsAsync("vault", Stop)).Select(job => job.Job).Order());

        // Ids that are numbers are ordered as numbers, in the cursor, too.
        Page<StoredEvent> first = await test.Store.ListEventsAsync(new EventFilter(one.Id), new PageRequest(2), Stop);
        Page<StoredEvent> second = await test.Store.ListEventsAsync(new EventFilter(one.Id), new PageRequest(2, Cursor: first.Next), Stop);
        Assert.Equal(["c", "b", "a"], first.Items.Concat(second.Items).Select(told => told.Message));
        Page<StoredEvent> elsewhere = await test.Store.ListEventsAsync(
            new EventFilter(one.Id), new PageRequest(2, Cursor: new Cursor(test.Time.GetUtcNow(), "an address", false)), Stop);
        Assert.Empty(elsewhere.Items);
    }
}
