using Microsoft.AspNetCore.Http;
using Nosana.Testing;

namespace Nosana.Docker.Tests;

/// <summary>How many connections an engine is asked on: not more than a client may have, whatever a job makes it ask.</summary>
public sealed class ConnectionLimitTests
{
    private const int Asked = 200;

    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open, _most;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(8)]
    [InlineData(EngineClient.StandardQueriesAtOnce)]
    // Without a limit all of them have a connection at once: the attack.
    [InlineData(Asked)]
    public async Task Queries_ManyAtOnce_HaveSoManyConnections(int limit)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(HoldAsync);
        using EngineClient client = engine.CreateClient(queriesAtOnce: limit);

        Task[] queries = [.. Enumerable.Range(0, Asked).Select(_ => client.GetSystemInfoAsync(Token))];
        await Eventually.TrueAsync(() => Volatile.Read(ref _open) == limit, $"{limit} queries at the engine");
        _answer.SetResult();
        await Task.WhenAll(queries);

        Assert.Equal(limit, _most);
        Assert.Equal(Asked, engine.Requests.Count(request => request.Path.EndsWith("/info", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Queries_WaitForTheirTurn_LoseNoTime()
    {
        var time = new ManualTimeProvider();
        await using FakeEngine engine = await FakeEngine.StartAsync(HoldAsync);
        using EngineClient client = engine.CreateClient(TimeSpan.FromSeconds(30), time, queriesAtOnce: 1);

        Task first = client.GetSystemInfoAsync(Token);
        await engine.NextAsync();
        Task second = client.GetSystemInfoAsync(Token);
        time.Advance(TimeSpan.FromSeconds(29));
        _answer.SetResult();
        await first;
        await second;

        Assert.Equal(1, _most);
    }

    [Fact]
    public async Task Queries_ContainersAreWatched_DoNotWaitForThem()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context =>
            context.Request.Path.Value!.EndsWith("/wait", StringComparison.Ordinal) ? HoldAsync(context) : FakeEngine.Json(context, 200, "{}"));
        using EngineClient client = engine.CreateClient(queriesAtOnce: 1);

        Task[] watches = [.. Enumerable.Range(0, 50).Select(at => client.WaitContainerAsync($"c{at}", WaitCondition.NotRunning, Token))];
        await Eventually.TrueAsync(() => Volatile.Read(ref _open) == 50, "all of them at the engine");
        await client.GetSystemInfoAsync(Token);
        await client.StopContainerAsync("c1", 1, Token);
        _answer.SetResult();
        await Task.WhenAll(watches);
    }

    private async Task HoldAsync(HttpContext context)
    {
        int open = Interlocked.Increment(ref _open);
        lock (_answer) _most = Math.Max(_most, open);
        await _answer.Task.WaitAsync(context.RequestAborted);
        Interlocked.Decrement(ref _open);
        await FakeEngine.Json(context, 200, """{"StatusCode":0}""");
    }
}
