using System.Text.Json;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Deployments.Tests.Store;

namespace Nosana.Deployments.Tests.Api;

public sealed class ListRouteTests
{
    private static readonly string s_job = new Solana.Wallet.Account().PublicKey.Key;

    [Fact]
    public async Task List_Pages_GoForwardsAndBackWithoutARowMissing()
    {
        await using TestApi api = await TestApi.StartAsync();
        for (int i = 0; i < 25; i++)
        {
            await api.CreateAsync(("name", $"\"n{i:00}\""));
            api.Time.Advance(TimeSpan.FromSeconds(1));
        }
        Answer first = await Page(null), second = await Page(Next(first)), third = await Page(Next(second));
        Assert.Equal((10, 10, 5), (Names(first).Length, Names(second).Length, Names(third).Length));
        Assert.Equal("n24", Names(first)[0]);
        Assert.Null(Next(third));
        Assert.Equal(JsonValueKind.Null, first.Json.GetProperty("pagination").GetProperty("cursor_prev").ValueKind);
        Assert.Equal(Names(second), Names(await Page(Previous(third))));
        Assert.Equal(Names(first), Names(await Page(Previous(second))));
        Assert.Equal(25, first.Json.GetProperty("pagination").GetProperty("total_items").GetInt32());
        Assert.Equal("n00", Names(await api.SendAsync("GET", "/deployments?limit=100&sort_order=asc"))[0]);

        Task<Answer> Page(string? cursor) => api.SendAsync("GET", "/deployments" + (cursor is null ? "" : $"?cursor={Uri.EscapeDataString(cursor)}"));
    }

    [Fact]
    public async Task List_Filters_EachHold()
    {
        await using TestApi api = await TestApi.StartAsync();
        string one = await api.CreateAsync(("name", "\"Alpha_100%\"")), two = await api.CreateAsync(("name", "\"beta\""), ("strategy", "\"INFINITE\""));
        foreach ((string query, string[] found) in ((string, string[])[])
        [
            ("search=alpha", [one]), ("search=_100%25", [one]), ("search=%25", [one]), ($"search={two[..9].ToLowerInvariant()}", [two]), ($"id={one},%20{two}", [one, two]),
            ("name=beta,gamma", [two]), ("status=DRAFT,nonsense", [one, two]), ("status=nonsense", []), ("strategy=INFINITE", [two]), ("strategy=simple", []),
            ("vault=none", []), ("created_after=2026-01-01T00:00:00Z&created_before=2026-01-01T00:00:00Z", [one, two]), ("created_after=2026-01-01T00:00:01.5%2B00:00", []), ("what=ever", [one, two]),
        ])
        {
            Answer answer = await api.SendAsync("GET", $"/deployments?limit=10&{query}");
            Assert.True(answer.Status == 200, $"{query}: {answer.Text}");
            Assert.Equal(found.Order(), answer.Json.GetProperty("deployments").EnumerateArray().Select(row => row.GetProperty("id").GetString()!).Order());
        }
    }

    [Theory]
    [InlineData("limit=11", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=-10", "limit")]
    [InlineData("sort_order=up", "sort_order")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=bnVsbA%3D%3D", "cursor")]
    [InlineData("created_after=2026-01-01", "created_after")]
    [InlineData("created_before=yesterday", "created_before")]
    [InlineData("created_before=2026-13-01T00:00:00Z", "created_before")]
    [InlineData("search=%00", "search")]
    public async Task List_AQueryThatIsNone_IsRefusedByItsField(string query, string field)
    {
        await using TestApi api = await TestApi.StartAsync();
        Answer refused = await api.SendAsync("GET", $"/deployments?{query}");
        Assert.Equal((400, "FST_ERR_VALIDATION"), (refused.Status, refused["code"]));
        Assert.StartsWith($"querystring/{field} must be ", refused["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_ListedAndInDetail_ShowWhatIsKnown()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        DateTimeOffset start = api.Time.GetUtcNow();
        string running = new Solana.Wallet.Account().PublicKey.Key;
        await api.SetAsync(id, before => before with { Status = DeploymentStatus.Running, Run = 1, Strategy = DeploymentStrategy.SimpleExtend },
            TestStore.Job(s_job, 1, JobState.Completed) with { StartedAt = start, EndedAt = start.AddSeconds(90), Node = "node", Tx = "tx", Reason = EndReason.Finished },
            TestStore.Job(running, 1, JobState.Running) with { StartedAt = start },
            TestStore.Job("planned", 1), TestStore.Job("waits", 1, JobState.Queued));

        JsonElement jobs = (await api.SendAsync("GET", $"/deployments/{id}/jobs")).Json;
        Assert.Equal(3, jobs.GetProperty("pagination").GetProperty("total_items").GetInt32());
        JsonElement done = (await api.SendAsync("GET", $"/deployments/{id}/jobs?state=COMPLETED&revision=1")).Json.GetProperty("jobs")[0];
        Assert.Equal((s_job, "COMPLETED", "node", "tx", 1767225600L, "finished"), (done.GetProperty("job").GetString(), done.GetProperty("state").GetString(),
            done.GetProperty("node").GetString(), done.GetProperty("tx").GetString(), done.GetProperty("time_start").GetInt64(), done.GetProperty("end_reason").GetString()));
        Assert.Equal(0, (await api.SendAsync("GET", $"/deployments/{id}/jobs?revision=2")).Json.GetProperty("jobs").GetArrayLength());
        Assert.Equal(400, (await api.SendAsync("GET", $"/deployments/{id}/jobs?revision=x")).Status);

        Answer deployment = await api.SendAsync("GET", $"/deployments/{id}");
        Assert.Equal(("1", "2"), (deployment["active_jobs"], deployment["queued_jobs"]));

        api.Chain.Result = JsonSerializer.Deserialize<JsonElement>("""{"status":"success"}""");
        Answer detail = await api.SendAsync("GET", $"/deployments/{id}/jobs/{s_job}");
        Assert.Equal(("2", "node", "1767225600", "1767225690", "success"), (detail["state"], detail["node"], detail["timeStart"], detail["timeEnd"], detail.Json.GetProperty("jobResult").GetProperty("status").GetString()));
        Assert.Equal(("", id), (detail["jobStatus"], detail.Json.GetProperty("jobDefinition").GetProperty("deployment_id").GetString()));
        Answer runs = await api.SendAsync("GET", $"/deployments/{id}/jobs/{running}");
        Assert.Equal(("1", TestApi.ZeroKey, JsonValueKind.Null), (runs["state"], runs["node"], runs.Json.GetProperty("jobResult").ValueKind));
        Answer none = await api.SendAsync("GET", $"/deployments/{id}/jobs/{api.Owner.PublicKey}");
        Assert.Equal((404, "Job not found"), (none.Status, none["error"]));
        Assert.Equal(400, (await api.SendAsync("GET", $"/deployments/{id}/jobs/planned")).Status);
    }

    [Fact]
    public async Task Tasks_AreWhatIsWrittenDownAndWhatTheClockBrings()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(("strategy", "\"SIMPLE-EXTEND\""), ("timeout", "1.5"));
        Deployment runs = await api.SetAsync(id, before => before with { Status = DeploymentStatus.Running, Run = 1 },
            TestStore.Job(s_job, 1, JobState.Running) with { StartedAt = api.Time.GetUtcNow(), Timeout = TimeSpan.FromSeconds(90) }, TestStore.Job("planned", 1));
        await api.Store.TrySaveAsync(new DeploymentChange(runs) { NewTargets = [TestStore.Listing("planned")] }, TestApi.Stop);

        JsonElement[] tasks = [.. (await api.SendAsync("GET", $"/deployments/{id}/tasks?sort_order=asc")).Json.GetProperty("tasks").EnumerateArray()];
        JsonElement extend = Assert.Single(tasks, task => task.GetProperty("task").GetString() == "EXTEND");
        // Due when the chain's deadline is near: start + timeout - buffer.
        Assert.Equal((s_job, "2026-01-01T00:00:30.000Z", "PENDING"), (extend.GetProperty("job").GetString(), extend.GetProperty("due_at").GetString(), extend.GetProperty("status").GetString()));
        Assert.False(extend.TryGetProperty("limit", out _));
        JsonElement list = Assert.Single(tasks, task => task.GetProperty("task").GetString() == "LIST");
        Assert.Equal(("planned", 1), (list.GetProperty("job").GetString(), list.GetProperty("limit").GetInt32()));
        Assert.Equal(1, (await api.SendAsync("GET", $"/deployments/{id}/tasks?task=LIST")).Json.GetProperty("pagination").GetProperty("total_items").GetInt32());
        Assert.Equal(0, (await api.SendAsync("GET", $"/deployments/{id}/tasks?due_after=2026-01-01T00:00:31Z")).Json.GetProperty("tasks").GetArrayLength());

        await api.SetAsync(id, before => before with { Status = DeploymentStatus.Archived });
        Assert.Equal(200, (await api.SendAsync("GET", $"/deployments/{id}/tasks")).Status);
    }

    [Fact]
    public async Task Events_SayWhoDidWhat()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        api.Time.Advance(TimeSpan.FromSeconds(1));
        await api.SendAsync("POST", $"/deployments/{id}/start");
        JsonElement[] events = [.. (await api.SendAsync("GET", $"/api/deployments/{id}/events")).Json.GetProperty("events").EnumerateArray()];
        Assert.Equal(["DEPLOYMENT_STARTED", "DEPLOYMENT_CREATED"], events.Select(one => one.GetProperty("type").GetString()));
        Assert.All(events, one => Assert.Equal((api.Owner.PublicKey.Key, id, "Deployment"),
            (one.GetProperty("actor").GetString(), one.GetProperty("deploymentId").GetString(), one.GetProperty("category").GetString())));
        Assert.Equal(1, (await api.SendAsync("GET", $"/deployments/{id}/events?type=DEPLOYMENT_CREATED")).Json.GetProperty("events").GetArrayLength());
    }

    private static string[] Names(Answer answer) => [.. answer.Json.GetProperty("deployments").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    private static string? Next(Answer answer) => answer.Json.GetProperty("pagination").GetProperty("cursor_next").GetString();

    private static string? Previous(Answer answer) => answer.Json.GetProperty("pagination").GetProperty("cursor_prev").GetString();
}
