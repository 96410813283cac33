using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Nosana.LocalNet;
using Nosana.Node.Chain;
using Nosana.Node.Hosting;
using Nosana.Node.Tests.HostManager;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Sending;

namespace Nosana.Node.Tests.Hosting;

public sealed class ChainServicesTests
{
    [Fact]
    public async Task AddChain_WhatReadsTheChain_SharesTheNewestSlotSeen()
    {
        await using ServiceProvider provider = new ServiceCollection()
            .AddLogging().AddSingleton(NetworkSettings.Defaults(NetworkSettings.LocalNet)).AddChain().BuildServiceProvider();
        SlotMemory slots = provider.GetRequiredService<SlotMemory>();
        slots.Saw(7);
        Assert.Same(slots, provider.GetRequiredService<NosanaChain>().Slots);
        Assert.Equal(7UL, provider.GetRequiredService<TransactionSenderOptions>().MinContextSlot!());
    }

    [Fact]
    public async Task AddChain_RpcAskedAgain_IsLoggedForVerbose()
    {
        await using LocalNetServer network = await LocalNetServer.StartAsync(new LocalNetOptions { Port = 0 }, TestContext.Current.CancellationToken);
        using var logs = new LogLines();
        NetworkSettings settings = NetworkSettings.Defaults(NetworkSettings.LocalNet) with { Rpc = [new Uri("http://127.0.0.1:9"), network.RpcUri] };
        await using ServiceProvider provider = new ServiceCollection().AddSingleton<ILoggerFactory>(logs).AddLogging().AddSingleton(settings).AddChain().BuildServiceProvider();

        await provider.GetRequiredService<IRpcClient>().GetSlotAsync(cancellationToken: TestContext.Current.CancellationToken);

        string line = Assert.Single(logs.Lines);
        Assert.StartsWith("Debug: Solana RPC getSlot at http://127.0.0.1:9", line, StringComparison.Ordinal);
        Assert.Contains("attempt 1 of", line, StringComparison.Ordinal);
    }
}
