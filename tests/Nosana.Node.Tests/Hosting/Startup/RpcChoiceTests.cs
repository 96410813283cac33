using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Startup;
using Nosana.Node.Tests.HostManager;

namespace Nosana.Node.Tests.Hosting.Startup;

/// <summary>Whose endpoint does what: the host manager's serves the work, and never tells what the host manager's transactions do.</summary>
public sealed class RpcChoiceTests
{
    private static readonly Uri s_given = new("https://rpc.host-manager.example/key"), s_public = new("https://api.mainnet-beta.solana.com");

    [Fact]
    public async Task Start_OnMainnetWithoutRpc_WorksOnTheGivenAndReviewsOnThePublicOne()
    {
        NetworkSettings found = await ChooseAsync(NetworkSettings.Defaults(NetworkSettings.Mainnet));

        Assert.Equal([s_given, s_public], found.RpcOptions.Endpoints);
        Assert.Equal([s_public], found.ReviewOptions!.Endpoints);
    }

    [Fact]
    public async Task Start_WithTheOperatorsRpc_WorksAndReviewsThere()
    {
        Uri own = new("https://rpc.operator.example/");

        NetworkSettings found = await ChooseAsync(NetworkSettings.Defaults(NetworkSettings.Mainnet) with { Rpc = [own], IsRpcChosen = true });

        Assert.Equal([own], found.RpcOptions.Endpoints);
        Assert.Equal([own], found.ReviewOptions!.Endpoints);
    }

    [Fact]
    public async Task Start_WithNothingButTheGivenOne_ReviewsNowhere()
    {
        NetworkSettings found = await ChooseAsync(NetworkSettings.Defaults(NetworkSettings.Mainnet) with { Rpc = [] });

        Assert.Equal([s_given], found.RpcOptions.Endpoints);
        Assert.Null(found.ReviewOptions);
    }

    private static async Task<NetworkSettings> ChooseAsync(NetworkSettings given)
    {
        await using ManagerScene scene = await ManagerScene.StartAsync();
        scene.Manager.Rpc = s_given;
        var network = new StartValue<NetworkSettings>();
        await new RpcChoice(new NetworkGiven(given), network, scene.Introduction).StartAsync(TestContext.Current.CancellationToken);
        return network.Value;
    }
}
