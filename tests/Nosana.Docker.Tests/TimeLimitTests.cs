using Microsoft.AspNetCore.Http;
using Docker.DotNet.Models;
using Nosana.Testing;

namespace Nosana.Docker.Tests;

public sealed class TimeLimitTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Query_NoAnswerWithinTheLimit_IsUnavailable()
    {
        var time = new ManualTimeProvider();
        await using FakeEngine engine = await FakeEngine.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using EngineClient client = engine.CreateClient(Limit, time);

        Task<SystemInfoResponse> query = client.GetSystemInfoAsync(Token);
        await engine.NextAsync();
        time.Advance(Limit - TimeSpan.FromSeconds(1));
        Assert.False(query.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        var e = await Assert.ThrowsAsync<DockerUnavailableException>(() => query);
        Assert.Contains("did not answer GET /info within 30 s", e.Message);
    }

    [Fact]
    public async Task Query_AnswerStopsHalfway_IsUnavailableToo()
    {
        var time = new ManualTimeProvider();
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            await context.Response.WriteAsync("{\"ID\":");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using EngineClient client = engine.CreateClient(Limit, time);

        Task<SystemInfoResponse> query = client.GetSystemInfoAsync(Token);
        await engine.NextAsync();
        time.Advance(Limit);

        await Assert.ThrowsAsync<DockerUnavailableException>(() => query);
    }

    [Fact]
    public async Task Stream_LongBeyondTheLimit_GoesOn()
    {
        var time = new ManualTimeProvider();
        var end = new TaskCompletionSource();
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            await context.Response.StartAsync();
            await end.Task;
            await context.Response.WriteAsync("""{"StatusCode":0}""");
        });
        using EngineClient client = engine.CreateClient(Limit, time);

        Task wait = client.WaitContainerAsync("a", WaitCondition.NotRunning, Token);
        await engine.NextAsync();
        time.Advance(TimeSpan.FromDays(7));
        Assert.False(wait.IsCompleted);
        end.SetResult();

        await wait;
    }

    [Fact]
    public async Task Query_CancelledByItsCaller_IsCancelledAndNotUnavailable()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using EngineClient client = engine.CreateClient();
        using var stop = new CancellationTokenSource();

        Task<SystemInfoResponse> query = client.GetSystemInfoAsync(stop.Token);
        await engine.NextAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query);
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("logs")]
    [InlineData("events")]
    [InlineData("pull")]
    public async Task Stream_Cancelled_ClosesItsConnectionAtOnce(string kind)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            context.RequestAborted.Register(closed.SetResult);
            await context.Response.StartAsync();
            await context.Response.Body.FlushAsync();
            await closed.Task;
        });
        using EngineClient client = engine.CreateClient();
        using var stop = new CancellationTokenSource();

        Task reading = ReadAsync(client, kind, stop.Token);
        await engine.NextAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Fact]
    public async Task Stream_DisposedUnderAWaitingRead_ClosesItsConnectionAndEndsTheRead()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            context.RequestAborted.Register(closed.SetResult);
            await context.Response.Body.WriteAsync(FrameBytes.Of(1, "first"));
            await context.Response.Body.FlushAsync();
            await closed.Task;
        });
        using EngineClient client = engine.CreateClient();
        MultiplexedStream logs = await client.OpenOutputAsync("a", new ContainerLogsParameters { Follow = true }, Token);
        await logs.ReadFrameAsync(Token);

        Task<LogFrame> read = logs.ReadFrameAsync(Token).AsTask();
        await logs.DisposeAsync();

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Exception e = await Assert.ThrowsAnyAsync<Exception>(() => read);
        Assert.True(e is DockerStreamException or ObjectDisposedException or OperationCanceledException, e.ToString());
    }

    [Fact]
    public async Task Streams_ManyOpenAtOnce_HoldUpNoQuery()
    {
        var end = new TaskCompletionSource();
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/info", StringComparison.Ordinal))
            {
                await FakeEngine.Json(context, 200, """{"ID":"x"}""");
                return;
            }
            await context.Response.StartAsync();
            await end.Task;
            await context.Response.WriteAsync("""{"StatusCode":3}""");
        });
        using EngineClient client = engine.CreateClient();

        Task[] waits = [.. Enumerable.Range(0, 200).Select(i => client.WaitContainerAsync($"c{i}", WaitCondition.NotRunning, Token))];
        for (int i = 0; i < waits.Length; i++) await engine.NextAsync();
        Assert.Equal("x", (await client.GetSystemInfoAsync(Token)).ID);
        end.SetResult();

        await Task.WhenAll(waits);
    }

    private static async Task ReadAsync(EngineClient client, string kind, CancellationToken token)
    {
        switch (kind)
        {
            case "wait":
                await client.WaitContainerAsync("a", WaitCondition.NotRunning, token);
                break;
            case "logs":
                await using (MultiplexedStream logs = await client.OpenOutputAsync("a", new ContainerLogsParameters { Follow = true }, token))
                    await logs.ReadFrameAsync(token);
                break;
            case "events":
                await client.Library.System.MonitorEventsAsync(new ContainerEventsParameters(), new Progress<Message>(), token);
                break;
            default:
                await client.PullImageAsync("a", null, null, token);
                break;
        }
    }
}
