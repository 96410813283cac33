using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Deployments.Tests.Store;

namespace Nosana.Deployments.Tests.Api;

public sealed class ChangeTests
{
    [Theory]
    [InlineData("update-name", """{"name":"other"}""", "name", "other")]
    [InlineData("update-replica-count", """{"replicas":0}""", "replicas", "0")]
    [InlineData("update-replicas", """{"replicas":3.0}""", "replicas", "3")]
    [InlineData("update-timeout", """{"timeout":60}""", "timeout", "60")]
    [InlineData("update-market", """{"market":"97G9NnvBDQ2WpKu6fasoMsAKmfj63C9rhysJnkeWodAf"}""", "market", "97G9NnvBDQ2WpKu6fasoMsAKmfj63C9rhysJnkeWodAf")]
    [InlineData("update-requirements", """{"requirements":{"a":1}}""", "requirements", """{"a":1}""")]
    [InlineData("update-allowed-hosts", """{"allowed_hosts":["97G9NnvBDQ2WpKu6fasoMsAKmfj63C9rhysJnkeWodAf"]}""", "allowed_hosts", """["97G9NnvBDQ2WpKu6fasoMsAKmfj63C9rhysJnkeWodAf"]""")]
    [InlineData("update-denied-hosts", """{"denied_hosts":[]}""", "denied_hosts", "[]")]
    public async Task Change_OfAField_IsStoredAndSaidWithItsTime(string route, string body, string field, string value)
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        api.Time.Advance(TimeSpan.FromMinutes(1));
        Answer changed = await api.SendAsync("PATCH", $"/api/deployments/{id}/{route}", body);
        Assert.True(changed.Status == 200, changed.Text);
        Assert.Equal((value, "2026-01-01T00:01:00.000Z"), (changed[field], changed["updated_at"]));
        Answer read = await api.SendAsync("GET", $"/deployments/{id}");
        Assert.Equal("2026-01-01T00:01:00.000Z", read["updated_at"]);
        if (value != "[]") Assert.Equal(value, read[field]);

        await api.SetAsync(id, before => before with { Status = DeploymentStatus.Running, NextAt = null });
        await api.SendAsync("PATCH", $"/deployments/{id}/{route}", body);
        Assert.Equal(api.Time.GetUtcNow(), (await api.Store.FindAsync(id, TestApi.Stop))!.NextAt);

        await api.SetAsync(id, before => before with { Status = DeploymentStatus.Archived });
        Answer refused = await api.SendAsync("PATCH", $"/deployments/{id}/{route}", body);
        Assert.Equal((409, "Cannot modify an archived deployment."), (refused.Status, refused["error"]));
    }

    private static TheoryData<string, string, string> Refusals => new()
    {
        { "update-name", """{"name":""}""", "name" }, { "update-name", "{}", "name" }, { "update-name", """{"name":[]}""", "name" },
        { "update-replica-count", """{"replicas":-1}""", "replicas" }, { "update-replica-count", """{"replicas":0.5}""", "replicas" },
        { "update-replica-count", """{"replicas":100000}""", "replicas" }, { "update-replica-count", "{}", "replicas" }, { "update-replica-count", """{"replicas":"1"}""", "replicas" },
        { "update-timeout", """{"timeout":59.9}""", "timeout" }, { "update-timeout", """{"timeout":1e99}""", "timeout" }, { "update-timeout", """{"timeout":null}""", "timeout" },
        { "update-schedule", """{"schedule":"61 * * * *"}""", "schedule" }, { "update-schedule", """{"schedule":5}""", "schedule" },
        { "update-schedule", """{"schedule":"0 0 * * *","time_zone":"Mars/Olympus"}""", "time_zone" }, { "update-schedule", """{"schedule":"0 0 * * *","overlap":"maybe"}""", "overlap" },
        { "update-rotation-time", """{"rotation_time":0}""", "rotation_time" }, { "update-rotation-time", """{"rotation_time":"x"}""", "rotation_time" },
        { "update-market", """{"market":"nowhere"}""", "market" }, { "update-market", """{"market":null}""", "market" },
        { "update-requirements", "{}", "requirements" }, { "update-requirements", """{"requirements":{"a":[]}}""", "requirements/a" },
        { "update-startup-timeout", """{"startup_timeout":0}""", "startup_timeout" }, { "update-allowed-hosts", """{"allowed_hosts":[1]}""", "allowed_hosts/0" },
        { "update-denied-hosts", "{}", "denied_hosts" }, { "update-active-revision", """{"active_revision":0}""", "active_revision" }, { "update-active-revision", """{"active_revision":1.5}""", "active_revision" },
        { "update-ssh-keys", """{"ssh_public_keys":["x"]}""", "ssh_public_keys/0" },
    };

    [Fact]
    public async Task Change_ToWhatCannotBe_IsRefusedByItsPathAndNothingStored()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        Deployment before = (await api.Store.FindAsync(id, TestApi.Stop))!;
        foreach (ITheoryDataRow row in Refusals)
        {
            object?[] data = row.GetData();
            Answer refused = await api.SendAsync("PATCH", $"/deployments/{id}/{data[0]}", (string)data[1]!);
            Assert.True(refused.Status == 400, $"{data[0]} {data[1]}: {refused.Text}");
            Assert.Equal(("FST_ERR_VALIDATION", $"/{data[2]}"), (refused["code"], refused.Json.GetProperty("validation")[0].GetProperty("path").GetString()));
            Assert.StartsWith($"body/{data[2]} must be ", refused["message"], StringComparison.Ordinal);
        }
        Assert.Equal(before.Version, (await api.Store.FindAsync(id, TestApi.Stop))!.Version);
    }

    [Theory]
    [InlineData("SIMPLE", "update-schedule", """{"schedule":"0 0 * * *"}""")]
    [InlineData("SIMPLE", "update-rotation-time", """{"rotation_time":10}""")]
    [InlineData("SIMPLE-EXTEND", "update-startup-timeout", """{"startup_timeout":10}""")]
    public async Task Change_OfWhatAnotherStrategyHas_IsRefused(string strategy, string route, string body)
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(("strategy", $"\"{strategy}\""));
        Answer refused = await api.SendAsync("PATCH", $"/deployments/{id}/{route}", body);
        Assert.Equal((400, "Deployment is using an incorrect strategy."), (refused.Status, refused["error"]));
    }

    // A rotation of 60 at a timeout of 60 lists anew at once, again and again.
    [Fact]
    public async Task Change_OfTimeoutOrRotation_LeavesNoRotationStorm()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(("strategy", "\"INFINITE\""), ("timeout", "120"), ("rotation_time", "60"));
        Answer refused = await api.SendAsync("PATCH", $"/deployments/{id}/update-timeout", """{"timeout":60}""");
        Assert.Equal((400, "Rotation time must be at least 10 minutes less than timeout."), (refused.Status, refused["error"]));
        Assert.Equal(400, (await api.SendAsync("PATCH", $"/deployments/{id}/update-rotation-time", """{"rotation_time":110}""")).Status);
        Assert.Equal("109", (await api.SendAsync("PATCH", $"/deployments/{id}/update-rotation-time", """{"rotation_time":109}"""))["rotation_time"]);
    }

    [Fact]
    public async Task Schedule_Changed_WorksOutTheNextTickAnewAndKeepsTheRest()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(
            ("strategy", "\"SCHEDULED\""), ("schedule", "\"0 0 * * *\""), ("time_zone", "\"Europe/Amsterdam\""), ("overlap", "\"forbid\""), ("starting_deadline", "5"));
        await api.SendAsync("POST", $"/deployments/{id}/start");
        await api.PlanAsync(id);
        Answer changed = await api.SendAsync("PATCH", $"/deployments/{id}/update-schedule", """{"schedule":"30  2 * * *"}""");
        Assert.Equal((200, "30 2 * * *", "Europe/Amsterdam", "forbid", "5"),
            (changed.Status, changed["schedule"], changed["time_zone"], changed["overlap"], changed["starting_deadline"]));
        await api.PlanAsync(id);
        Assert.Equal("2026-01-01T01:30:00.000Z", (await api.SendAsync("GET", $"/deployments/{id}"))["next_tick"]);
        Assert.Equal(200, (await api.SendAsync("PATCH", $"/deployments/{id}/update-schedule", """{"schedule":"30 2 * * *","time_zone":null}""")).Status);
        await api.PlanAsync(id);
        Assert.Equal("2026-01-01T02:30:00.000Z", (await api.SendAsync("GET", $"/deployments/{id}"))["next_tick"]);
    }

    // Seed: "can be extended with additional replicas after completion".
    [Fact]
    public async Task Replicas_RaisedOfAStoppedOne_AreListedByItsNextStart()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(("strategy", "\"SIMPLE-EXTEND\""));
        await api.SetAsync(id, before => before with { Status = DeploymentStatus.Stopped, Run = 1, Quota = new ListingQuota(1, 1, 1) },
            TestStore.Job("old", 1, JobState.Completed));
        await api.SendAsync("PATCH", $"/deployments/{id}/update-replica-count", """{"replicas":3}""");
        await api.SendAsync("POST", $"/deployments/{id}/start");
        DeploymentSnapshot snapshot = (await api.Store.ReadAsync(id, TestApi.Stop))!;
        Assert.Equal(3, Deployments.Strategies.Planner.Plan(snapshot.Deployment, snapshot.Jobs, api.Time.GetUtcNow()).Steps.Count);
    }

    [Fact]
    public async Task Replicas_RaisedWhileRunning_ListWhatIsMissingWhateverEndedBefore()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(("replicas", "2"));
        await api.SetAsync(id, before => before with { Status = DeploymentStatus.Running, Run = 1, Quota = new ListingQuota(1, 1, 2) },
            TestStore.Job("ended", 1, JobState.Completed), TestStore.Job("runs", 1, JobState.Running));
        await api.SendAsync("PATCH", $"/deployments/{id}/update-replica-count", """{"replicas":3}""");
        Assert.Equal(new ListingQuota(1, 1, 4), (await api.Store.FindAsync(id, TestApi.Stop))!.Quota);
    }

    [Fact]
    public async Task Revision_AfterARollBack_HasTheHighestNumberAndOne()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        string other = TestApi.Definition.Replace("nginx", "caddy", StringComparison.Ordinal);
        Assert.Equal("2", (await api.SendAsync("POST", $"/deployments/{id}/create-revision", other))["active_revision"]);
        Answer third = await api.SendAsync("POST", $"/deployments/{id}/revisions", other);
        Assert.Equal(("3", 3, 2), (third["active_revision"], third.Json.GetProperty("revisions").GetArrayLength(), third.Json.GetProperty("endpoints").GetArrayLength()));
        Assert.Equal("1", (await api.SendAsync("PATCH", $"/deployments/{id}/update-active-revision", """{"active_revision":1}"""))["active_revision"]);
        Assert.Equal("4", (await api.SendAsync("POST", $"/deployments/{id}/create-revision", other))["active_revision"]);

        Answer missing = await api.SendAsync("PATCH", $"/deployments/{id}/update-active-revision", """{"active_revision":9}""");
        Assert.Equal((400, "The specified revision does not exist."), (missing.Status, missing["error"]));
        Answer bad = await api.SendAsync("POST", $"/deployments/{id}/create-revision", """{"version":"0.1","type":"container","ops":"none"}""");
        Assert.Equal((400, "/ops"), (bad.Status, bad.Json.GetProperty("validation")[0].GetProperty("path").GetString()));
        Answer listed = await api.SendAsync("GET", $"/deployments/{id}/revisions?revision=1,4");
        Assert.Equal([4, 1], listed.Json.GetProperty("revisions").EnumerateArray().Select(one => one.GetProperty("revision").GetInt32()).Order().Reverse());
    }

    [Fact]
    public async Task SshKeys_AddedAndRemoved_AreThoseOfTheDeployment()
    {
        const string One = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me";
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        Answer added = await api.SendAsync("POST", $"/deployments/{id}/ssh-keys", $$"""{"ssh_public_keys":["{{One}}","{{One}}"]}""");
        Assert.True(added.Status == 200, added.Text);
        Assert.Equal(One, Assert.Single((await api.SendAsync("GET", $"/deployments/{id}/ssh-keys")).Json.GetProperty("ssh_public_keys").EnumerateArray()).GetString());
        Answer removed = await api.SendAsync("DELETE", $"/deployments/{id}/ssh-keys", $$"""{"ssh_public_keys":["{{One.Replace(" me", "", StringComparison.Ordinal)}}"]}""");
        Assert.Equal(0, removed.Json.GetProperty("ssh_public_keys").GetArrayLength());
    }
}
