using System.Text.Json;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Deployments.Tests.Store;

namespace Nosana.Deployments.Tests.Api;

public sealed class StreamTests
{
    [Fact]
    public async Task Stream_BeginsWithWhatIsThereAndGoesOnWithWhatChanges()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        await api.SetAsync(id, before => before with { Status = DeploymentStatus.Running, Run = 1 }, TestStore.Job("job", 1, JobState.Queued), TestStore.Job("old", 1, JobState.Completed));
        await using Reader reader = await Reader.OpenAsync(api, id);
        Assert.Equal("""{"status":"RUNNING","replicas":1,"active_revision":1,"type":"deployment"}""", (await reader.NextAsync()).Data);
        Assert.Equal("""{"job":"job","state":"QUEUED","node":null,"timeStart":0,"timeEnd":0,"type":"job"}""", (await reader.NextAsync()).Data);
        for (int i = 0; i < 2; i++) Assert.Equal("endpoint", TypeOf(await reader.NextAsync()));

        Deployment now = (await api.Store.FindAsync(id, TestApi.Stop))!;
        DeploymentJob job = (await api.Store.FindJobAsync("job", TestApi.Stop))!;
        await api.Store.TrySaveAsync(new DeploymentChange(now)
        {
            ChangedJobs = [job with { State = JobState.Running, Node = "node", StartedAt = api.Time.GetUtcNow() }],
            Events = [new DeploymentEvent("JOB_LIST_CONFIRMED", "job", "tx")],
        }, TestApi.Stop);
        Assert.Contains("""
            "state":"RUNNING","node":"node","timeStart":1767225600
            """.Trim(), (await reader.NextAsync()).Data, StringComparison.Ordinal);
        Frame told = await reader.NextAsync();
        Assert.Equal(("event", "JOB_LIST_CONFIRMED"), (TypeOf(told), JsonSerializer.Deserialize<JsonElement>(told.Data).GetProperty("event").GetString()));
        Assert.NotNull(told.Id);
    }

    [Fact]
    public async Task Stream_WithTheLastId_GivesWhatWasMissed()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        long first = await api.Store.LastEventIdAsync(id, TestApi.Stop);
        foreach (string name in (string[])["a", "b"]) await api.SendAsync("PATCH", $"/deployments/{id}/update-name", $$"""{"name":"{{name}}"}""");
        await using Reader reader = await Reader.OpenAsync(api, id, first);
        var ids = new List<string?>();
        while (ids.Count < 2)
        {
            Frame frame = await reader.NextAsync();
            if (TypeOf(frame) == "event") ids.Add(frame.Id);
        }
        Assert.Equal((await api.Store.EventsAfterAsync(id, first, 10, TestApi.Stop)).Select(one => $"{one.Id}"), ids);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public async Task Stream_WithAnIdThatIsNone_IsRefused(string last)
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        using HttpResponseMessage response = await Reader.AskAsync(api, id, last);
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task Stream_WithoutAuthorization_Is401_AndMoreThanAnOwnerMay429()
    {
        await using TestApi api = await TestApi.StartAsync(options => options with { MostStreams = 1 });
        string id = await api.CreateAsync();
        Assert.Equal(401, (await api.SendAsync("GET", $"/deployments/{id}/stream", null, null, null)).Status);
        await using Reader reader = await Reader.OpenAsync(api, id);
        await reader.NextAsync();
        using HttpResponseMessage response = await Reader.AskAsync(api, id, null);
        Assert.Equal(429, (int)response.StatusCode);
    }

    private static string? TypeOf(Frame frame) => JsonSerializer.Deserialize<JsonElement>(frame.Data).GetProperty("type").GetString();

    private sealed record Frame(string? Id, string Data);

    private sealed class Reader(HttpResponseMessage response, StreamReader lines) : IAsyncDisposable
    {
        public static async Task<HttpResponseMessage> AskAsync(TestApi api, string id, string? last)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/deployments/{id}/stream");
            request.Headers.TryAddWithoutValidation("x-user-id", api.Owner.PublicKey.Key);
            request.Headers.TryAddWithoutValidation("authorization", TestApi.Authorize(api.Owner));
            if (last is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
            return await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestApi.Stop);
        }

        public static async Task<Reader> OpenAsync(TestApi api, string id, long? last = null)
        {
            HttpResponseMessage response = await AskAsync(api, id, last?.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal((200, "text/event-stream", "no"),
                ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType, response.Headers.GetValues("X-Accel-Buffering").Single()));
            return new Reader(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestApi.Stop)));
        }

        public async Task<Frame> NextAsync()
        {
            string? id = null;
            while (await lines.ReadLineAsync(TestApi.Stop) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
                if (line.StartsWith("data: ", StringComparison.Ordinal)) return new Frame(id, line[6..]);
            }
            throw new EndOfStreamException();
        }

        public ValueTask DisposeAsync()
        {
            lines.Dispose();
            response.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
