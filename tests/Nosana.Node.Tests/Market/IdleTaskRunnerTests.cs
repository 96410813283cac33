using Microsoft.Extensions.Logging;
using Nosana.Node.Market;
using Nosana.Node.Tests.HostManager;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.Market;

public sealed class IdleTaskRunnerTests : IDisposable
{
    private readonly LogLines _logs = new();
    private readonly List<CancellationToken> _begun = [];
    private TaskCompletionSource _goesOn = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task Begin_Twice_WorksOnceAndEndsWithAJob()
    {
        IdleTaskRunner idle = Idle();
        idle.Begin();
        idle.Begin();
        await BegunAsync(1);
        idle.End();
        Assert.True(_begun[0].IsCancellationRequested);
        await idle.StopAsync();
        Assert.Single(_begun);
    }

    [Fact]
    public async Task Begin_BeforeTheLastWorkHasEnded_WaitsForIt()
    {
        int working = 0, most = 0;
        var ended = new TaskCompletionSource();
        var idle = new IdleTaskRunner(new Logger<IdleTaskRunner>(_logs), async (token, _) =>
        {
            most = Math.Max(most, ++working);
            _begun.Add(token);
            if (_begun.Count == 1) await ended.Task;
            working--;
        });
        var pump = new PumpedContext();
        pump.Run(idle.Begin);
        Assert.Single(_begun);
        pump.Run(() =>
        {
            idle.End();
            idle.Begin();
        });
        Assert.Single(_begun);
        pump.Run(ended.SetResult);
        Assert.Equal(2, _begun.Count);
        await idle.StopAsync();
        Assert.Equal((1, 0), (most, working));
        Assert.Empty(_logs.Lines);
    }

    [Fact]
    public async Task StopAsync_WhileItWorks_EndsBothTokens()
    {
        CancellationToken exit = default;
        var idle = new IdleTaskRunner(new Logger<IdleTaskRunner>(_logs), async (token, exiting) =>
        {
            exit = exiting;
            lock (_begun) _begun.Add(token);
            await Task.Delay(Timeout.Infinite, exiting);
        });
        idle.Begin();
        await BegunAsync(1);
        await idle.StopAsync();
        Assert.True(exit.IsCancellationRequested);
        Assert.Empty(_logs.Lines);
    }

    [Fact]
    public async Task Begin_WorkIsBroken_IsLoggedAndBegunAnewTheNextTime()
    {
        _goesOn = null!; // a fault of the work itself
        IdleTaskRunner idle = Idle();
        idle.Begin();
        await BegunAsync(1);
        idle.End();
        idle.Begin();
        await BegunAsync(2);
        await idle.StopAsync();
        Assert.Equal(2, _logs.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)));
    }

    private IdleTaskRunner Idle() => new(new Logger<IdleTaskRunner>(_logs), async (token, _) =>
    {
        lock (_begun) _begun.Add(token);
        await _goesOn.Task.WaitAsync(token);
    });

    private Task BegunAsync(int times) => Eventually.TrueAsync(() => { lock (_begun) return _begun.Count >= times; }, $"work begun {times} times");
}
