using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Ipfs.Http;
using Nosana.Node.Market;
using Nosana.Node.Tests.Chain;
using Nosana.Node.Tests.Exposure;
using Nosana.Solana.Rpc;

namespace Nosana.Node.Tests.Market;

public sealed class NetworkProbeTests
{
    /// <summary>Nobody listens there.</summary>
    private static readonly Uri Nowhere = new("http://127.0.0.1:1/");

    private readonly List<string> _asked = [];

    [Theory]
    [InlineData(true, "200", true)]
    [InlineData(true, "404", true)]
    [InlineData(false, "200", true)]
    // Not the content that was asked for, and so not somebody who is to be believed.
    [InlineData(false, "other", false)]
    [InlineData(false, "404", false)]
    public async Task AnswersAsync_RpcOrGatewayAnswers_IsHeard(bool rpcAnswers, string gateway, bool heard)
    {
        await using ChainStub chain = await ChainStub.StartAsync();
        await using ContainerStub ipfs = await ContainerStub.StartAsync(async context =>
        {
            lock (_asked) _asked.Add(context.Request.Path);
            if (gateway == "404") context.Response.StatusCode = StatusCodes.Status404NotFound;
            if (gateway == "other") await context.Response.WriteAsync("other");
        });
        using var rpc = new RpcClient(
            new RpcClientOptions { Endpoints = [rpcAnswers ? chain.Network.RpcUri : Nowhere], MaxAttempts = 1 }, NullLogger<RpcClient>.Instance);
        using var http = new HttpClient();
        var client = new IpfsGatewayClient(http, new IpfsGatewayOptions { Gateways = [new Uri(ipfs.Address, "/ipfs/")], RetryDelay = TimeSpan.FromMilliseconds(1) });
        var probe = new NetworkProbe(rpc, client, TimeProvider.System, NullLogger<NetworkProbe>.Instance);

        Assert.Equal(heard, await probe.AnswersAsync(TestContext.Current.CancellationToken));
        if (!rpcAnswers) Assert.All(_asked, path => Assert.Equal("/ipfs/QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH", path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnswersAsync_OperatorsOwnAddressAlone_IsHeardWhateverItAnswers(bool answers)
    {
        await using ContainerStub page = await ContainerStub.StartAsync(context =>
        {
            lock (_asked) _asked.Add($"{context.Request.Method} {context.Request.Path}");
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        });
        using var rpc = new RpcClient(new RpcClientOptions { Endpoints = [Nowhere], MaxAttempts = 1 }, NullLogger<RpcClient>.Instance);
        using var http = new HttpClient();
        var client = new IpfsGatewayClient(http, new IpfsGatewayOptions { Gateways = [new Uri(Nowhere, "/ipfs/")], RetryDelay = TimeSpan.FromMilliseconds(1) });
        var control = new ControlPage(http, answers ? new Uri(page.Address, "/here") : Nowhere);
        var probe = new NetworkProbe(rpc, client, TimeProvider.System, NullLogger<NetworkProbe>.Instance, control);

        Assert.Equal(answers, await probe.AnswersAsync(TestContext.Current.CancellationToken));
        if (answers) Assert.Equal(["HEAD /here"], _asked);
    }
}
