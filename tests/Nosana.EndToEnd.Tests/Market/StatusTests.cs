using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>What a host tells the service manager, and what a health check hears of it.</summary>
public sealed class StatusTests : IAsyncLifetime
{
    private readonly NotifySocket _manager = new();
    private readonly MarketHost _host;

    public StatusTests() => _host = new MarketHost { NotifySocket = _manager.Path };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MarketNetwork Network => _host.Network;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _manager.Dispose();
    }

    [Fact]
    public async Task Host_ServesAJobAndStops_TellsTheServiceManager()
    {
        await _manager.ToldAsync("READY=1");
        await _manager.ToldAsync("STATUS=Queued: place 1 of 1");
        PublicKey job = await Network.PostAsync(Definitions.Shell("exec sleep infinity"));
        await _manager.ToldAsync($"STATUS=Serving job {job}");
        await _host.RunningContainerAsync(job);
        await Network.Poster.EndAsync(job, Token);
        await _manager.ToldAsync("STATUS=Queued: place 1 of 1");
        _host.Process.Terminate();
        await _manager.ToldAsync("STOPPING=1");
        await _manager.ToldAsync("STATUS=Stopping");
        Assert.Equal(0, await _host.Process.ExitAsync());
    }

    [Fact]
    public async Task Host_CannotServeWhatComes_TellsTheServiceManagerWhy()
    {
        for (int i = 0; i < 3; i++)
        {
            await _host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue");
            await _host.SettledAsync(await Network.PostAsync(Definitions.Greedy()));
        }
        await _manager.ToldAsync("STATUS=Out of the queue until ");
    }

    [Fact]
    public async Task Health_HostServesAndStops_IsWellWhileItServes()
    {
        await _manager.ToldAsync("STATUS=Queued: place 1 of 1");
        (int serving, string text, _) = await HealthAsync();
        _host.Process.Terminate();
        await _host.Process.ExitAsync();
        (int stopped, _, string problem) = await HealthAsync();

        Assert.Equal((0, "Queued: place 1 of 1"), (serving, text.Trim()));
        Assert.Equal(1, stopped);
        Assert.Contains("No host serves", problem, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Text)> HealthAsync() =>
        NodeProcess.RunAsync(Network.Directory, "health", "--state", Network.StateDirectory);
}
