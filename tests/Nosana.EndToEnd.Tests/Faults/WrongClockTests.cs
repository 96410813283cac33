using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Faults;

/// <summary>A host whose machine's clock is wrong, or is set while it serves: faketime gives the agent's process another wall clock, and leaves the monotonic one.</summary>
public sealed class WrongClockTests : IAsyncLifetime
{
    private readonly MarketHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MarketNetwork Network => _host.Network;

    private string Offset => Path.Combine(Network.Directory, "offset");

    public async ValueTask InitializeAsync()
    {
        await _host.PrepareAsync();
        string library = Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", SearchOption.AllDirectories).First();
        _host.Environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library,
            ["FAKETIME_TIMESTAMP_FILE"] = Offset,
            ["FAKETIME_CACHE_DURATION"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Host_ClockIsTwoMinutesAhead_TakesNoWorkUntilItIsRight()
    {
        await SetAsync(120);
        _host.StartWithoutWaiting();
        await _host.Process.LineAsync("clock is 1"); // 119 or 120 s
        Assert.False(Network.HostIsQueued);
        await SetAsync(0);
        await _host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue", TimeSpan.FromMinutes(3));
    }

    [Theory]
    [InlineData(600)]
    [InlineData(-600)]
    public async Task Host_ClockIsSetUnderAJob_TheJobHasItsTimeAndIsPaidOnce(int seconds)
    {
        await SetAsync(0);
        await _host.StartAsync();
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(Definitions.Shell("sleep 12; echo done"), timeout: 60);
        await _host.RunningContainerAsync(job);
        await SetAsync(seconds);
        (JobAccount account, JsonNode result) = await _host.CompletedAsync(job);
        Assert.Equal("success", Definitions.StatusOf(result));
        Assert.Equal(["done"], Definitions.LinesOf(Definitions.Op(result)));
        Network.AssertPaidOnce(account, before);
    }

    /// <summary>Seconds that the agent's clock is ahead from now on.</summary>
    private async Task SetAsync(int seconds)
    {
        await File.WriteAllTextAsync(Offset + ".next", $"{seconds:+0;-0;+0}s\n", Token);
        File.Move(Offset + ".next", Offset, overwrite: true);
    }
}
