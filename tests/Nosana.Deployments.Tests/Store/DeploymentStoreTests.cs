using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using static Nosana.Deployments.Tests.Store.TestStore;

namespace Nosana.Deployments.Tests.Store;

public sealed class DeploymentStoreTests
{
    [Theory, Both]
    public async Task CreateAsync_EveryField_IsReadBack(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment wished = New() with
        {
            Status = DeploymentStatus.InsufficientFunds,
            Strategy = DeploymentStrategy.SimpleExtend,
            Replicas = 3,
            Timeout = TimeSpan.FromSeconds(90),
            Schedule = new DeploymentSchedule("0 0 * * *", "Europe/Amsterdam", Overlap.Replace, TimeSpan.FromMinutes(5)),
            Rotation = TimeSpan.FromMinutes(15),
            Run = 4,
            Quota = new ListingQuota(4, 1, 3),
            NextTick = test.Time.GetUtcNow().AddHours(1),
            Rapid = new RapidRounds(2, test.Time.GetUtcNow().AddMinutes(2), 7),
            Confidential = true,
            StartupTimeout = TimeSpan.FromMinutes(10),
            Requirements = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"gpu.memory":24,"gpu.name":"RTX 4090","cuda":true}"""),
            AllowedHosts = ["a", "b"],
            DeniedHosts = ["c"],
            SshPublicKeys = ["ssh-ed25519 AAAA me"],
            IdempotencyKey = "key",
            NextAt = test.Time.GetUtcNow().AddMinutes(1),
        };
        CreatedDeployment created = await test.Store.CreateAsync(wished, """{"ops":[]}""", "Qm", [new DeploymentEvent("MADE", "made", Actor: "owner")], Stop);
        Deployment read = (await test.Store.FindAsync(wished.Id, Stop))!;

        Assert.True(created.IsNew);
        Assert.Equal(JsonSerializer.Serialize(created.Deployment), JsonSerializer.Serialize(read));
        Assert.Equal(JsonSerializer.Serialize(wished), JsonSerializer.Serialize(read with { ActiveRevision = wished.ActiveRevision }));
        Assert.Equal((1, wished.NextAt, test.Time.GetUtcNow(), test.Time.GetUtcNow()), (read.Version, read.NextAt, read.CreatedAt, read.UpdatedAt));
        DeploymentRevision revision = (await test.Store.FindRevisionAsync(wished.Id, 1, Stop))!;
        Assert.Equal(("""{"ops":[]}""", "Qm"), (revision.Definition, revision.Cid));
        StoredEvent told = Assert.Single(await test.Store.EventsAfterAsync(wished.Id, 0, 10, Stop));
        Assert.Equal(("Deployment", "MADE", "made", "owner"), (told.Category, told.Type, told.Message, told.Actor));
    }

    [Theory, Both]
    public async Task TrySaveAsync_EverythingOfAChange_IsReadBack(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment deployment = await test.AddAsync();
        DateTimeOffset now = test.Time.GetUtcNow();
        DeploymentJob job = Job("job") with
        {
            Node = "node",
            Tx = "tx",
            ListingSeeds = [1, 2, 3],
            Tick = now,
            State = JobState.Completed,
            Reason = EndReason.Finished,
            IsToStop = true,
            StartedAt = now,
            EndedAt = now.AddSeconds(90),
            Price = ulong.MaxValue / 2,
        };
        var transaction = new ChainTransaction { Signature = "sig", Deployment = "", Vault = "vault", Blob = [4, 5], LastValidBlockHeight = 1_000_000_000_000 };
        ChainTarget target = Listing("job") with { State = TargetState.Signed, Signature = "sig", Timeout = TimeSpan.FromHours(2), Reason = "new", DueAt = now };
        Deployment? saved = await test.Store.TrySaveAsync(new DeploymentChange(deployment with { Status = DeploymentStatus.Running, NextAt = now.AddMinutes(1) })
        {
            NewJobs = [job],
            NewTransactions = [transaction],
            NewTargets = [target],
            Events = [new DeploymentEvent("A", "a", "tx"), new DeploymentEvent("B", "b")],
        }, Stop);
        DeploymentSnapshot read = (await test.Store.ReadAsync(deployment.Id, Stop))!;

        Assert.Equal(2, saved!.Version);
        Assert.Equal(JsonSerializer.Serialize(saved), JsonSerializer.Serialize(read.Deployment));
        Assert.Equal(
            JsonSerializer.Serialize(job with { Deployment = deployment.Id, UpdatedAt = now }), JsonSerializer.Serialize(Assert.Single(read.Jobs)));
        Assert.Equal(target with { Deployment = deployment.Id, CreatedAt = now, UpdatedAt = now }, Assert.Single(read.Targets));
        ChainTransaction sent = Assert.Single(read.Transactions);
        Assert.Equal([4, 5], sent.Blob!);
        Assert.Equal((ulong)1_000_000_000_000, sent.LastValidBlockHeight);
        Assert.Equal(["A", "B"], (await test.Store.EventsAfterAsync(deployment.Id, 0, 10, Stop)).Select(one => one.Type));
    }

    [Theory, Both]
    public async Task TrySaveAsync_OfAnOlderVersion_WritesNothingAtAll(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment seen = await test.AddAsync();
        await test.Store.TrySaveAsync(new DeploymentChange(seen with { Replicas = 2 }), Stop);
        Deployment? late = await test.Store.TrySaveAsync(new DeploymentChange(seen with { Replicas = 9, NextAt = test.Time.GetUtcNow() })
        {
            NewJobs = [Job("job")],
            NewTargets = [Listing("job")],
            Events = [new DeploymentEvent("LATE", "late")],
        }, Stop);
        DeploymentSnapshot read = (await test.Store.ReadAsync(seen.Id, Stop))!;

        Assert.Null(late);
        Assert.Equal((2, 2, null), (read.Deployment.Replicas, read.Deployment.Version, read.Deployment.NextAt));
        Assert.Empty(read.Jobs);
        Assert.Empty(read.Targets);
        Assert.Empty(await test.Store.EventsAfterAsync(seen.Id, 0, 10, Stop));
    }

    [Theory, Both]
    public async Task TrySaveAsync_ByManyAtOnce_OneOfEachVersionIsWritten(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment first = await test.AddAsync();
        var other = new DeploymentStore(test.OpenAnother(), test.Time);
        int written = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            DeploymentStore store = writer % 2 == 0 ? test.Store : other;
            for (int i = 0; i < 5;)
            {
                Deployment seen = (await store.FindAsync(first.Id, Stop))!;
                var change = new DeploymentChange(seen with { Run = seen.Run + 1 }) { Events = [new DeploymentEvent("RUN", $"{seen.Run + 1}")] };
                if (await store.TrySaveAsync(change, Stop) is null) continue;
                i++;
                Interlocked.Increment(ref written);
            }
        }, Stop)));
        Deployment last = (await test.Store.FindAsync(first.Id, Stop))!;

        Assert.Equal((40, 40, 41), (written, last.Run, last.Version));
        // Also in this order: whoever reads on after an id misses none.
        Assert.Equal(Enumerable.Range(1, 40).Select(run => $"{run}"), (await test.Store.EventsAfterAsync(first.Id, 0, 100, Stop)).Select(one => one.Message));
    }

    [Theory, Both]
    public async Task EventsAfterAsync_WhileTheyAreWritten_MissesNone(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment[] all = [await test.AddAsync(), await test.AddAsync(), await test.AddAsync()];
        var other = new DeploymentStore(test.OpenAnother(), test.Time);
        Task writers = Task.WhenAll(all.Select((deployment, i) => Task.Run(async () =>
        {
            for (int n = 0; n < 30; n++)
            {
                var change = new DeploymentChange(deployment) { Events = [new DeploymentEvent("E", $"{n}"), new DeploymentEvent("E", $"{n}+")] };
                deployment = (await (i % 2 == 0 ? test.Store : other).TrySaveAsync(change, Stop))!;
            }
        }, Stop)));
        foreach (Deployment deployment in all)
        {
            List<string> seen = [];
            for (long last = 0; seen.Count < 60 && !Stop.IsCancellationRequested;)
            {
                foreach (StoredEvent one in await test.Store.EventsAfterAsync(deployment.Id, last, 7, Stop))
                {
                    seen.Add(one.Message);
                    last = one.Id;
                }
            }
            Assert.Equal(Enumerable.Range(0, 30).SelectMany(n => (string[])[$"{n}", $"{n}+"]), seen);
        }
        await writers;
    }

    [Theory, Both]
    public async Task TrySaveAsync_AJobOrTargetThatIsThere_IsRefusedWhole(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment one = await test.AddAsync(), two = await test.AddAsync();
        await test.Store.TrySaveAsync(new DeploymentChange(one) { NewJobs = [Job("job")], NewTargets = [Listing("job")] }, Stop);
        await Assert.ThrowsAsync<DbUpdateException>(() => test.Store.TrySaveAsync(new DeploymentChange(two) { NewJobs = [Job("job")] }, Stop));
        await Assert.ThrowsAsync<DbUpdateException>(() => test.Store.TrySaveAsync(new DeploymentChange(two) { NewTargets = [Listing("job")] }, Stop));
        Assert.Equal(1, (await test.Store.FindAsync(two.Id, Stop))!.Version);
    }

    [Theory, Both]
    public async Task TrySaveAsync_ATargetThatWasClosed_IsTakenUpAgain(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment one = await test.AddAsync();
        ChainTarget done = Listing("a") with { State = TargetState.Confirmed, Signature = "sig" }, dropped = Listing("b") with { State = TargetState.Dropped };
        one = (await test.Store.TrySaveAsync(new DeploymentChange(one) { NewJobs = [Job("a"), Job("b")], NewTargets = [done, dropped] }, Stop))!;
        one = (await test.Store.TrySaveAsync(new DeploymentChange(one) { NewTargets = [Listing("a"), Listing("b"), Listing("c")] }, Stop))!;
        IReadOnlyList<ChainTarget> open = (await test.Store.ReadAsync(one.Id, Stop))!.Targets;
        Assert.Equal(["a", "b", "c"], open.Select(target => target.Job));
        Assert.All(open, target => Assert.Equal((TargetState.Planned, null), (target.State, target.Signature)));
    }

    [Fact]
    public void KeyOf_TellsApartWhatIsDoneOnce()
    {
        string[] keys =
        [
            ChainTarget.KeyOf(TargetKind.List, "a"), ChainTarget.KeyOf(TargetKind.List, "b"), ChainTarget.KeyOf(TargetKind.Stop, "a"),
            ChainTarget.KeyOf(TargetKind.Extend, "a", TimeSpan.FromHours(1)), ChainTarget.KeyOf(TargetKind.Extend, "a", TimeSpan.FromHours(2)),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal("Extend:a:3600", keys[3]);
    }

    [Theory, Both]
    public async Task TrySaveAsync_OfWhatChanged_LeavesTheRestAndEndsWhatIsDone(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment one = await test.AddAsync();
        one = (await test.Store.TrySaveAsync(new DeploymentChange(one) { NewJobs = [Job("a"), Job("b")], NewTargets = [Listing("a"), Listing("b")] }, Stop))!;
        DeploymentSnapshot read = (await test.Store.ReadAsync(one.Id, Stop))!;
        test.Time.Advance(TimeSpan.FromSeconds(1));
        await test.Store.TrySaveAsync(new DeploymentChange(one with { Run = 1 })
        {
            ChangedJobs = [read.Jobs[0] with { State = JobState.Completed }],
            ChangedTargets = [read.Targets[0] with { State = TargetState.Confirmed }],
        }, Stop);
        read = (await test.Store.ReadAsync(one.Id, Stop))!;

        // One that ended in an earlier run is no matter of this one.
        Assert.Equal(["b"], read.Jobs.Select(job => job.Job));
        Assert.Equal(["b"], read.Targets.Select(target => target.Job));
        Assert.Equal((JobState.Completed, test.Time.GetUtcNow()), ((await test.Store.FindJobAsync("a", Stop))!.State, (await test.Store.FindJobAsync("a", Stop))!.UpdatedAt));
    }

    [Theory, Both]
    public async Task UpdatedAt_MovesWithTheOwnersChangesAlone(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment one = await test.AddAsync();
        test.Time.Advance(TimeSpan.FromSeconds(1));
        one = (await test.Store.TrySaveAsync(new DeploymentChange(one), Stop))!;
        Assert.Equal(one.CreatedAt, one.UpdatedAt);
        one = (await test.Store.TrySaveAsync(new DeploymentChange(one) { IsOwners = true }, Stop))!;
        Assert.Equal(test.Time.GetUtcNow(), one.UpdatedAt);
    }

    [Theory, Both]
    public async Task CreateAsync_TheSameIdempotencyKeyAtOnce_MakesOne(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        var other = new DeploymentStore(test.OpenAnother(), test.Time);
        CreatedDeployment[] made = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(
            () => (i % 2 == 0 ? test.Store : other).CreateAsync(New() with { IdempotencyKey = "key" }, "{}", null, [], Stop), Stop)));
        CreatedDeployment others = await test.Store.CreateAsync(New(owner: "another") with { IdempotencyKey = "key" }, "{}", null, [], Stop);

        Assert.Single(made, one => one.IsNew);
        Assert.Single(made.Select(one => one.Deployment.Id).Distinct());
        Assert.True(others.IsNew);
        await test.AddAsync();
        await test.AddAsync(); // without a key each is another
    }

    [Theory, Both]
    public async Task TryAddRevisionAsync_AfterAnEarlierOneWasMadeActive_CountsOnFromTheHighest(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment one = await test.AddAsync();
        one = (await test.Store.TryAddRevisionAsync(new DeploymentChange(one), """{"n":2}""", null, Stop))!;
        one = (await test.Store.TryAddRevisionAsync(new DeploymentChange(one), """{"n":3}""", null, Stop))!;
        one = (await test.Store.TrySaveAsync(new DeploymentChange(one with { ActiveRevision = 1 }), Stop))!;
        Deployment stale = one;
        one = (await test.Store.TryAddRevisionAsync(new DeploymentChange(one), """{"n":4}""", "Qm4", Stop))!;

        Assert.Equal(4, one.ActiveRevision);
        Assert.Equal(["{}", """{"n":2}""", """{"n":3}""", """{"n":4}"""], (await test.Store.RevisionsAsync(one.Id, Stop)).Select(revision => revision.Definition));
        Assert.Null(await test.Store.TryAddRevisionAsync(new DeploymentChange(stale), "{}", null, Stop));
        Assert.Equal(4, (await test.Store.RevisionsAsync(one.Id, Stop)).Count);
    }

    [Theory, Both]
    public async Task TryDeleteAsync_TakesAllThatBelongsToItAndLeavesTheVault(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment one = await test.AddAsync(null, new DeploymentEvent("A", "a")), kept = await test.AddAsync(null, new DeploymentEvent("A", "a"));
        await test.Store.SaveVaultAsync(new VaultRecord { Vault = "vault", Owner = "owner", Key = "k" }, Stop);
        Deployment stale = one;
        one = (await test.Store.TrySaveAsync(new DeploymentChange(one)
        {
            NewJobs = [Job("job")],
            NewTargets = [Listing("job")],
            NewTransactions = [new ChainTransaction { Signature = "sig", Deployment = "", Vault = "vault", LastValidBlockHeight = 1 }],
        }, Stop))!;
        DeploymentJob job = (await test.Store.FindJobAsync("job", Stop))!;
        await test.Store.SaveResultAsync(job, "{}", Stop);
        await test.Store.SaveEndpointAsync(new EndpointStatus { Job = "job", OpId = "op", Port = 80, Deployment = one.Id, IsUp = true, ChangedAt = test.Time.GetUtcNow() }, Stop);

        Assert.False(await test.Store.TryDeleteAsync(stale, Stop));
        Assert.NotNull(await test.Store.FindAsync(one.Id, Stop));
        Assert.True(await test.Store.TryDeleteAsync(one, Stop));
        await using DeploymentsContext db = test.Database.Open();
        Assert.Equal([kept.Id], await db.Deployments.Select(row => row.Id).ToListAsync(Stop));
        Assert.Equal([kept.Id], await db.Revisions.Select(row => row.Deployment).ToListAsync(Stop));
        Assert.Equal([kept.Id], await db.Events.Select(row => row.Deployment).ToListAsync(Stop));
        Assert.Equal((0, 0, 0), (await db.Jobs.CountAsync(Stop), await db.Targets.CountAsync(Stop), await db.Transactions.CountAsync(Stop)));
        Assert.Equal((0, 0, 1), (await db.Results.CountAsync(Stop), await db.Endpoints.CountAsync(Stop), await db.Vaults.CountAsync(Stop)));
    }

    [Theory, Both]
    public async Task DueAsync_ReadsAheadInOrderAndOnFromTheLast(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        DateTimeOffset now = test.Time.GetUtcNow();
        foreach ((string id, double? seconds) in ((string, double?)[])[("a", 5), ("b", -5), ("c", 0), ("d", null), ("e", 5), ("f", 6)])
            await test.AddAsync(New(id) with { NextAt = seconds is { } s ? now.AddSeconds(s) : null });
        IReadOnlyList<DueDeployment> first = await test.Store.DueAsync(now.AddSeconds(5), limit: 3, cancellationToken: Stop);
        IReadOnlyList<DueDeployment> rest = await test.Store.DueAsync(now.AddSeconds(5), first[^1], 3, Stop);

        Assert.Equal(["b", "c", "a"], first.Select(due => due.Id));
        Assert.Equal(now.AddSeconds(5), first[^1].At);
        Assert.Equal(["e"], rest.Select(due => due.Id));
    }

    [Theory, Both]
    public async Task WakeAsync_MakesItDueAndVoidsWhatIsBeingPlanned(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment seen = await test.AddAsync();
        List<string> told = [];
        test.Store.Saved += told.Add;
        await test.Store.WakeAsync([seen.Id], Stop);
        Assert.Null(await test.Store.TrySaveAsync(new DeploymentChange(seen with { NextAt = test.Time.GetUtcNow().AddHours(1) }), Stop));
        Assert.Equal([new DueDeployment(seen.Id, test.Time.GetUtcNow())], await test.Store.DueAsync(test.Time.GetUtcNow(), cancellationToken: Stop));
        Assert.Equal([seen.Id], told);
    }

    [Theory, Both]
    public async Task WakeAsync_OfTheSameInAnyOrderAtOnce_NeverWaitsForItself(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        string[] ids = new string[20];
        for (int i = 0; i < ids.Length; i++) ids[i] = (await test.AddAsync()).Id;
        var other = new DeploymentStore(test.OpenAnother(), test.Time);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => (i % 2 == 0 ? test.Store : other).WakeAsync(i % 2 == 0 ? ids : [.. ids.Reverse()], Stop), Stop)));
        Assert.Equal(21, (await test.Store.FindAsync(ids[7], Stop))!.Version);
        Assert.Equal(20, (await test.Store.DueAsync(test.Time.GetUtcNow(), cancellationToken: Stop)).Count);
    }

    [Theory, Both]
    public async Task ActiveVaultsAsync_AreThoseWithSomethingToWatch(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        await test.AddAsync(New() with { Vault = "draft" });
        await test.AddAsync(New() with { Vault = "running", Status = DeploymentStatus.Running });
        await test.AddAsync(New() with { Vault = "running", Status = DeploymentStatus.Stopping });
        await test.AddAsync(New() with { Vault = "stopped", Status = DeploymentStatus.Stopped });
        Deployment failed = await test.AddAsync(New() with { Vault = "left", Status = DeploymentStatus.Error });
        await test.Store.TrySaveAsync(new DeploymentChange(failed) { NewJobs = [Job("job", state: JobState.Running)] }, Stop);
        Assert.Equal(["left", "running"], (await test.Store.ActiveVaultsAsync(Stop)).Order());
    }

    [Theory, Both]
    public async Task UndeliveredEventsAsync_AreThoseWithoutAMark(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        await test.AddAsync(null, new DeploymentEvent("A", "a"), new DeploymentEvent("B", "b"));
        IReadOnlyList<StoredEvent> all = await test.Store.UndeliveredEventsAsync(10, Stop);
        await test.Store.MarkDeliveredAsync([all[0].Id], Stop);
        Assert.Equal(["B"], (await test.Store.UndeliveredEventsAsync(10, Stop)).Select(one => one.Type));
        Assert.Equal(all[1].Id, await test.Store.LastEventIdAsync(all[1].Deployment, Stop));
    }

    [Theory, Both]
    public async Task SaveResultAsync_TheLatestWins(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment one = await test.AddAsync();
        await test.Store.TrySaveAsync(new DeploymentChange(one) { NewJobs = [Job("job")] }, Stop);
        DeploymentJob job = (await test.Store.FindJobAsync("job", Stop))!;
        string large = $"\"{new string('x', 3 << 20)}\"";
        await test.Store.SaveResultAsync(job, "1", Stop);
        await test.Store.SaveResultAsync(job, large, Stop);
        Assert.Equal(large, (await test.Store.FindResultAsync("job", Stop))!.Body);
        Assert.False(await test.Store.SaveResultAsync(job with { Job = "deleted" }, "1", Stop));
    }

    [Theory, Both]
    public async Task SaveEndpointAsync_TellsWhetherItChanged(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Deployment one = await test.AddAsync();
        await test.Store.TrySaveAsync(new DeploymentChange(one) { NewJobs = [Job("job")] }, Stop);
        var up = new EndpointStatus { Job = "job", OpId = "op", Port = 80, Deployment = one.Id, IsUp = true, ChangedAt = test.Time.GetUtcNow() };
        EndpointStatus down = up with { IsUp = false, Reason = "lost" };
        Assert.True(await test.Store.SaveEndpointAsync(up, Stop));
        Assert.False(await test.Store.SaveEndpointAsync(up with { ChangedAt = test.Time.GetUtcNow().AddSeconds(9) }, Stop));
        Assert.True(await test.Store.SaveEndpointAsync(down, Stop));
        Assert.Equal([down], await test.Store.EndpointsAsync(one.Id, Stop));
        Assert.False(await test.Store.SaveEndpointAsync(up with { Job = "deleted" }, Stop));
    }
}
