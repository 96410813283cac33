using Nosana.Deployments.Model;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Tests.Api;

public sealed class LifecycleTests
{
    private const string WrongState = "Deployment is in the incorrect state.";

    // Spec of the network's manager, section "user actions", with a stop from STARTING: what is not here conflicts.
    private static readonly (DeploymentStatus From, string Action, DeploymentStatus To)[] s_allowed =
    [
        (DeploymentStatus.Draft, "start", DeploymentStatus.Starting),
        (DeploymentStatus.Stopped, "start", DeploymentStatus.Starting),
        (DeploymentStatus.Error, "start", DeploymentStatus.Starting),
        (DeploymentStatus.InsufficientFunds, "start", DeploymentStatus.Starting),
        (DeploymentStatus.Starting, "stop", DeploymentStatus.Stopping),
        (DeploymentStatus.Running, "stop", DeploymentStatus.Stopping),
        (DeploymentStatus.Error, "stop", DeploymentStatus.Stopping),
        (DeploymentStatus.InsufficientFunds, "stop", DeploymentStatus.Stopping),
        (DeploymentStatus.Stopped, "archive", DeploymentStatus.Archived),
    ];

    [Fact]
    public async Task Action_InEachStatus_MovesAsTheTableSaysOrConflicts()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        foreach (DeploymentStatus from in Enum.GetValues<DeploymentStatus>())
        {
            foreach (string action in (string[])["start", "stop", "archive"])
            {
                await api.SetAsync(id, before => before with { Status = from, NextAt = null });
                Answer answer = await api.SendAsync("POST", $"/deployments/{id}/{action}");
                Deployment after = (await api.Store.FindAsync(id, TestApi.Stop))!;
                DeploymentStatus? to = s_allowed.Where(row => row.From == from && row.Action == action).Select(row => (DeploymentStatus?)row.To).FirstOrDefault();
                Assert.True(after.Status == (to ?? from), $"{action} of {from}: {after.Status}");
                if (to is null)
                    Assert.Equal((409, from == DeploymentStatus.Archived ? "Cannot modify an archived deployment." : WrongState), (answer.Status, answer["error"]));
                else
                {
                    Assert.Equal((200, Reading(to.Value)), (answer.Status, answer["status"]));
                    Assert.Equal(to == DeploymentStatus.Archived ? null : api.Time.GetUtcNow(), after.NextAt);
                }
            }
        }
    }

    [Fact]
    public async Task Delete_OfAStoppedOne_TakesAllWithItButTheVault()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        foreach (DeploymentStatus from in Enum.GetValues<DeploymentStatus>().Where(status => status != DeploymentStatus.Stopped))
        {
            await api.SetAsync(id, before => before with { Status = from });
            Answer refused = await api.SendAsync("DELETE", $"/deployments/{id}");
            Assert.Equal((409, WrongState), (refused.Status, refused["error"]));
        }
        await api.SetAsync(id, before => before with { Status = DeploymentStatus.Stopped }, Tests.Store.TestStore.Job("job") with { State = JobState.Completed });

        Answer gone = await api.SendAsync("DELETE", $"/deployments/{id}");
        Assert.Equal((204, ""), (gone.Status, gone.Text));
        Assert.Equal(404, (await api.SendAsync("GET", $"/deployments/{id}")).Status);
        Assert.Null(await api.Store.FindJobAsync("job", TestApi.Stop));
        Assert.Empty(await api.Store.EventsAfterAsync(id, 0, 10, TestApi.Stop));
        Assert.Single(await api.Store.VaultsAsync(api.Owner.PublicKey.Key, TestApi.Stop));
    }

    [Fact]
    public async Task Delete_WhileADepositIsOnItsWayHome_Conflicts()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        Deployment stopped = await api.SetAsync(id, before => before with { Status = DeploymentStatus.Stopped });
        var recover = new ChainTarget { Key = ChainTarget.KeyOf(TargetKind.Recover, "job"), Deployment = id, Kind = TargetKind.Recover, Job = "job" };
        await api.Store.TrySaveAsync(new DeploymentChange(stopped) { NewTargets = [recover] }, TestApi.Stop);
        Assert.Equal(409, (await api.SendAsync("DELETE", $"/deployments/{id}")).Status);
        Assert.NotNull(await api.Store.FindAsync(id, TestApi.Stop));
    }

    [Fact]
    public async Task Start_Again_IsAnotherRun_ButNotWhileItWaitsForMoney()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        await api.SetAsync(id, before => before with { Status = DeploymentStatus.Stopped, Run = 3, Quota = new ListingQuota(3, 1, 1), Rapid = new RapidRounds(2, null, 6) });
        await api.SendAsync("POST", $"/deployments/{id}/start");
        Deployment again = (await api.Store.FindAsync(id, TestApi.Stop))!;
        Assert.Equal((4, null, RapidRounds.None), (again.Run, again.Quota, again.Rapid));

        await api.SetAsync(id, before => before with { Status = DeploymentStatus.InsufficientFunds, Quota = new ListingQuota(4, 1, 1) });
        await api.SendAsync("POST", $"/deployments/{id}/start");
        again = (await api.Store.FindAsync(id, TestApi.Stop))!;
        Assert.Equal((4, new ListingQuota(4, 1, 1)), (again.Run, again.Quota));
    }

    // A check and a write apart would let both through.
    [Fact]
    public async Task Start_ManyAtOnce_MovesItOnce()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => api.SendAsync("POST", $"/deployments/{id}/start")));
        Assert.Equal(1, answers.Count(answer => answer.Status == 200));
        Assert.All(answers, answer => Assert.Contains(answer.Status, (int[])[200, 409]));
        Assert.Equal(1, (await api.Store.FindAsync(id, TestApi.Stop))!.Run);
    }

    // Whoever reconciles writes in between: the change is worked out anew on what is there then.
    [Fact]
    public async Task Change_ALostRace_IsTriedOnceMore()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => api.SendAsync("PATCH", $"/deployments/{id}/update-name", $$"""{"name":"n{{i}}"}""")));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(3, (await api.Store.FindAsync(id, TestApi.Stop))!.Version);
    }

    [Fact]
    public async Task Duplicate_OfAnArchivedOne_IsADraftOfTheSame()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(("replicas", "2"), ("idempotency_key", "\"k\""));
        await api.SetAsync(id, before => before with { Status = DeploymentStatus.Archived, Run = 5 });
        Answer copy = await api.SendAsync("POST", $"/deployments/{id}/duplicate");
        Assert.Equal((200, "DRAFT", "one (copy)", "2", "1", null), (copy.Status, copy["status"], copy["name"], copy["replicas"], copy["active_revision"], copy["idempotency_key"]));
        Assert.NotEqual(id, copy["id"]);
        Answer definition = await api.SendAsync("GET", $"/deployments/{copy["id"]}/revisions");
        Assert.Equal(copy["id"], definition.Json.GetProperty("revisions")[0].GetProperty("job_definition").GetProperty("deployment_id").GetString());
        Assert.Equal("two", (await api.SendAsync("POST", $"/deployments/{id}/duplicate", """{"name":"two"}"""))["name"]);
        Assert.Equal(400, (await api.SendAsync("POST", $"/deployments/{id}/duplicate", """{"name":""}""")).Status);
    }

    private static string Reading(DeploymentStatus status) => Deployments.Api.Reading.Words.Of(status);
}
