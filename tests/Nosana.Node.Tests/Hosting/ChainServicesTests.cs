using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Nosana.Ipfs.Http;
using Nosana.Ipfs.UnixFs;
using Nosana.LocalNet;
using Nosana.Node.Chain;
using Nosana.Node.Hosting;
using Nosana.Node.Tests.Exposure;
using Nosana.Node.Tests.HostManager;
using Nosana.Node.Tests.Support;
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

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("169.254.169.254")]
    public async Task AddChain_GatewaySendsElsewhere_IsFollowedOnlyWhereAStrangerMayHaveThisHostAsk(string elsewhere)
    {
        byte[] content = "{}"u8.ToArray();
        int asked = 0;
        await using ContainerStub other = await ContainerStub.StartAsync(async http =>
        {
            Interlocked.Increment(ref asked);
            await http.Response.Body.WriteAsync(content);
        });
        await using ContainerStub gateway = await ContainerStub.StartAsync(http => SendTo(http, 302, $"http://{elsewhere}:{other.Address.Port}/{http.Request.Path}"));
        await using ServiceProvider provider = Provider(gateway);
        Assert.False(await provider.GetRequiredService<IpfsGatewayClient>().IsServedAsync(UnixFsNode.CidOf(content), content.Length, Cancel));
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task AddChain_GatewaySendsToAnotherOfItsPaths_IsFollowed()
    {
        byte[] content = "{}"u8.ToArray();
        await using ContainerStub gateway = await ContainerStub.StartAsync(http =>
            http.Request.Path == "/there" ? http.Response.Body.WriteAsync(content).AsTask() : SendTo(http, 302, "/there"));
        await using ServiceProvider provider = Provider(gateway);
        Assert.True(await provider.GetRequiredService<IpfsGatewayClient>().IsServedAsync(UnixFsNode.CidOf(content), content.Length, Cancel));
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task AddChain_PinningServiceSendsElsewhere_NothingGoesThere(int status)
    {
        int asked = 0;
        await using ContainerStub other = await ContainerStub.StartAsync(_ =>
        {
            Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        });
        await using ContainerStub service = await ContainerStub.StartAsync(http => SendTo(http, status, other.Address.AbsoluteUri));
        await using ServiceProvider provider = Provider(service);
        await Assert.ThrowsAnyAsync<IpfsException>(() => provider.GetRequiredService<IpfsPinningClient>().PinAsync("{}"u8.ToArray(), Cancel));
        Assert.Equal(0, asked);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task SendTo(HttpContext http, int status, string place)
    {
        (http.Response.StatusCode, http.Response.Headers.Location) = (status, place);
        return Task.CompletedTask;
    }

    /// <summary>The agent's clients with one server as gateway and as pinning service.</summary>
    private static ServiceProvider Provider(ContainerStub server)
    {
        NetworkSettings settings = NetworkSettings.Defaults(NetworkSettings.LocalNet) with
        {
            IpfsApi = server.Address,
            IpfsGateways = [new Uri(server.Address, "/ipfs/")],
            IpfsCredential = "x",
        };
        return new ServiceCollection().AddLogging().AddSingleton(settings).AddSingleton(Policies.Default()).AddChain().BuildServiceProvider();
    }
}
