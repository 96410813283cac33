using System.Text.Json.Nodes;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Journal;
using Nosana.Node.Tests.Support;
using Nosana.Testing;
using static Nosana.Node.Tests.Support.JobBench;

namespace Nosana.Node.Tests.Api;

public sealed class JobRoutesTests
{
    private const string Group = "\"group\":\"g\"";

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Ask_OfAJobThatDoesNotRunHere_IsAnInvalidJob()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        string job = $"/job/{bench.JobAddress}";
        foreach (string path in new[] { "/results", "/job-definition", "/ops", "/ops/a", "/group/current", "/group/g" })
            Assert.Equal((400, "invalid job id"), Answer(await bench.GetAsync(job + path)));
        foreach (string path in new[] { "/job-definition", "/group/g/restart", "/group/g/stop", "/group/g/operation/a/restart", "/group/g/operation/a/stop", "/stop" })
            Assert.Equal((400, "invalid job id"), Answer(await bench.PostAsync(job + path, body: "{}")));
        Assert.Equal((404, "Failed to find job for provided job id."), Answer(await bench.GetAsync(job + "/info")));
        Assert.Equal((400, "No exposed url for job id"), Answer(await bench.GetAsync(job + "/endpoints")));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Get_Operations_SaysHowFarTheyAre()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a", Group) + "," + Op("b", Group + ",\"depends_on\":[\"c\"]") + "," + Op("c", Group) + "," + Op("d"));
        string path = $"/job/{bench.JobAddress}";
        Assert.Equal("""{"a":"running","b":"running","c":"running","d":"pending"}""", (await bench.GetAsync(path + "/ops")).Body);
        Assert.Equal("""{"a":"running"}""", (await bench.GetAsync(path + "/ops/a")).Body);
        Assert.Equal("""{"x":null}""", (await bench.GetAsync(path + "/ops/x")).Body);
        Assert.Equal("""{"a":"running","b":"running","c":"running"}""", (await bench.GetAsync(path + "/group/current")).Body);
        Assert.Equal("""{"d":"pending"}""", (await bench.GetAsync(path + "/group/d")).Body);
        Assert.Equal("{}", (await bench.GetAsync(path + "/group/x")).Body);
        Assert.Equal("", (await bench.AskAsync(HttpMethod.Head, path + "/ops")).Body);
        bench.Jobs.Engine.ContainerOf("a")!.Exit(1);
        await Eventually.BecomesAsync(async () => (await bench.GetAsync(path + "/ops/a")).Body, """{"a":"failed"}""");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Post_StopOfAnOperation_IsAnsweredAtOnceAndHasItsEffectBehind()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        var slow = new TaskCompletionSource();
        bench.Jobs.Engine.Programs["a"] = new FakeProgram { EndsAtOnce = false, SlowStop = slow };
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a", Group) + "," + Op("b", Group), keepPrograms: true);
        string path = $"/job/{bench.JobAddress}";
        Assert.Equal((200, """{"message":"Operation Stopped"}"""), Answer(await bench.PostAsync(path + "/group/g/operation/a/stop")));
        await Eventually.BecomesAsync(async () => (await bench.GetAsync(path + "/ops/a")).Body, """{"a":"stopping"}""");
        Assert.Equal((500, """{"error":"Failed to Stop operation: OPERATION_STOPPING"}"""), Answer(await bench.PostAsync(path + "/group/g/operation/a/stop")));
        Assert.Equal((500, """{"error":"Failed to restart operation: OPERATION_STOPPING"}"""), Answer(await bench.PostAsync(path + "/group/g/operation/a/restart")));
        slow.SetResult();
        await Eventually.BecomesAsync(async () => (await bench.GetAsync(path + "/ops/a")).Body, """{"a":"stopped"}""");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Post_RestartOfAnOperation_IsAcceptedAndStartsAnotherContainer()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a", Group) + "," + Op("b", Group));
        string path = $"/job/{bench.JobAddress}";
        string first = bench.Jobs.Engine.ContainerOf("a")!.Id;
        Assert.Equal((202, """{"message":"Operation restart initiated"}"""), Answer(await bench.PostAsync(path + "/group/g/operation/a/restart")));
        await Eventually.BecomesAsync(
            async () => bench.Jobs.Engine.ContainerOf("a") is { IsRunning: true } container && container.Id != first && (await bench.GetAsync(path + "/ops/a")).Body.Contains("running"), true);
        Assert.Equal((202, """{"message":"Group Operation restart initiated"}"""), Answer(await bench.PostAsync(path + "/group/g/restart")));
        await Eventually.BecomesAsync(() => bench.Jobs.Engine.MadeFor("a") == 3 && bench.Jobs.Engine.MadeFor("b") == 2, true);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Post_CommandOnWhatIsNotThere_IsRefusedAndLocksNothing()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a", Group) + "," + Op("d"));
        string path = $"/job/{bench.JobAddress}";
        Assert.Equal((500, """{"error":"Failed to restart operation: INVALID_OPID"}"""), Answer(await bench.PostAsync(path + "/group/g/operation/x/restart")));
        Assert.Equal((500, """{"error":"Failed to restart operation: GROUP_NOT_FOUND"}"""), Answer(await bench.PostAsync(path + "/group/x/operation/a/restart")));
        Assert.Equal((500, """{"error":"Failed to restart operation: GROUP_NOT_ACTIVE"}"""), Answer(await bench.PostAsync(path + "/group/d/operation/d/restart")));
        Assert.Equal((500, """{"error":"Failed to Stop operation: GROUP_NOT_FOUND"}"""), Answer(await bench.PostAsync(path + "/group/g/operation/x/stop")));
        Assert.Equal((500, """{"error":"Failed to restart group operations"}"""), Answer(await bench.PostAsync(path + "/group/x/restart")));
        Assert.Equal((500, """{"error":"Failed to stop group operations"}"""), Answer(await bench.PostAsync(path + "/group/d/stop")));
        Assert.Equal("""{"a":"running","d":"pending"}""", (await bench.GetAsync(path + "/ops")).Body);
        Assert.Equal((200, """{"message":"Group Operation Stopped"}"""), Answer(await bench.PostAsync(path + "/group/g/stop")));
        await Eventually.BecomesAsync(async () => (await bench.GetAsync(path + "/ops/a")).Body, """{"a":"stopped"}""");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Get_DefinitionOfARunningJob_IsWhatRunsAsText()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a"));
        (int status, string body, HttpResponseMessage response) = await bench.GetAsync($"/job/{bench.JobAddress}/job-definition");
        Assert.Equal((200, "text/html; charset=utf-8", "a"), (status, response.Content.Headers.ContentType!.ToString(), (string?)JsonNode.Parse(body)!["ops"]![0]!["id"]));
        (int again, _, _) = await bench.AskAsync(HttpMethod.Get, $"/job/{bench.JobAddress}/job-definition",
            more: request => request.Headers.TryAddWithoutValidation("If-None-Match", response.Headers.ETag!.ToString()));
        Assert.Equal(304, again);
        Assert.Equal((400, "cannot get job result at this time"), Answer(await bench.GetAsync($"/job/{bench.JobAddress}/results")));
        Assert.Equal((400, "cannot send job definition at this time"), Answer(await bench.PostAsync($"/job/{bench.JobAddress}/job-definition", body: "{}")));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Post_Stop_EndsTheJobAsIfItsTimeWereUp()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a"));
        Assert.Equal((200, "job stopped successfully"), Answer(await bench.PostAsync($"/job/{bench.JobAddress}/stop")));
        FlowState state = (await job.Run).State;
        Assert.Equal((FlowStatus.Success, true), (state.OpStates[0].Status, state.OpStates[0].Diagnostics.Reason.JobExpired));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Get_Endpoints_SaysWhereThePortsAre()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a", args: "\"expose\":8080"));
        await Eventually.BecomesAsync(async () => (await bench.GetAsync($"/job/{bench.JobAddress}/endpoints")).Status, 200);
        JsonNode found = JsonNode.Parse((await bench.GetAsync($"/job/{bench.JobAddress}/endpoints")).Body)!;
        (string id, JsonNode? endpoint) = Assert.Single(found["urls"]!.AsObject());
        Assert.Equal(("OFFLINE", "a", 8080, $"http://{id}.localhost", "UNKNOWN"),
            ((string?)found["status"], (string?)endpoint!["opID"], (int)endpoint["port"]!, (string?)endpoint["url"], (string?)endpoint["status"]));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Get_ResultOfAJobThatEnded_IsThereAsLongAsTheJournalKeepsIt()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        var record = new RunRecord { Run = "run", Job = bench.JobAddress, Market = "m", Phase = RunPhase.Ran };
        bench.Journal.Finish(record, """{"status":"success","opStates":[],"secrets":{}}"""u8.ToArray());
        Assert.Equal((200, """{"status":"success","opStates":[],"secrets":{}}"""), Answer(await bench.GetAsync($"/job/{bench.JobAddress}/results")));
        using HttpResponseMessage info = await bench.OpenAsync($"/job/{bench.JobAddress}/info");
        string text = await info.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(": connected\n\ndata: {\"status\":\"success\",\"startTime\":null,\"endTime\":null,\"secrets\":{},\"opStates\":[],\"errors\":[],\"operations\":null}\n\n", text);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Get_Info_IsAFrameWithEachChangeUntilTheEnd()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a"));
        using HttpResponseMessage info = await bench.OpenAsync($"/job/{bench.JobAddress}/info");
        Assert.Equal(("text/event-stream", "no", "no-cache"),
            (info.Content.Headers.ContentType!.ToString(), info.Headers.GetValues("X-Accel-Buffering").Single(), info.Headers.CacheControl!.ToString()));
        using var reader = new StreamReader(await info.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal(": connected", await LineAsync(reader));
        JsonNode first = JsonNode.Parse((await LineAsync(reader))["data: ".Length..])!;
        Assert.Equal(("running", "a", "running"), ((string?)first["status"], (string?)first["operations"]!["currentGroup"], (string?)first["operations"]!["all"]!["a"]));
        Assert.Null(first["opStates"]![0]!["logs"]);
        Assert.False(first["opStates"]![0]!.AsObject().ContainsKey("providerId"));
        Assert.Equal(["status", "startTime", "endTime", "secrets", "opStates", "errors", "operations"], first.AsObject().Select(pair => pair.Key));
        for (int second = 0; second < 15; second++)
        {
            await Eventually.BecomesAsync(() => bench.Jobs.Clock.ActiveTimers > 0, true);
            bench.Jobs.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        string line;
        while ((line = await LineAsync(reader)) != ": keep-alive") Assert.StartsWith("data: ", line, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Post_BoundToABody_IsRefusedWithAnother()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        string path = $"/job/{bench.JobAddress}/job-definition?x=%2F";
        const string Body = """{"version":"0.1"}""";
        Assert.Equal((400, "invalid job id"), Answer(await bench.PostAsync(path, bench.Bound("POST", path, Body), Body)));
        Assert.Equal(401, (await bench.PostAsync(path, bench.Bound("POST", path, Body), Body + " ")).Status);
        Assert.Equal(401, (await bench.PostAsync(path, bench.Bound("POST", path), Body)).Status);
        Assert.Equal(401, (await bench.PostAsync(path, bench.Bound("POST", path + "&y", Body), Body)).Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Post_MoreThanADefinitionMayHave_IsTooLarge()
    {
        await using ApiBench bench = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(bench, Op("a"));
        string path = $"/job/{bench.JobAddress}/job-definition", body = new('x', (1 << 20) + 1);
        foreach (string header in new[] { bench.OwnerHeader, bench.Bound("POST", path, body) })
            Assert.Equal((413, "The body is too large."), Answer(await bench.PostAsync(path, header, body)));
        Assert.Equal((400, "The body is no JSON object."), Answer(await bench.PostAsync(path, body: "[]")));
        Assert.Equal((400, "The body is no JSON object."), Answer(await bench.PostAsync(path, body: "{")));
    }

    private static async Task<string> LineAsync(StreamReader reader)
    {
        string? line;
        do line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line == "");
        return line ?? throw new EndOfStreamException();
    }

    private static (int, string) Answer((int Status, string Body, HttpResponseMessage) answer) => (answer.Status, answer.Body);
}
