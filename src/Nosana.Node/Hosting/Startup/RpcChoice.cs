using Nosana.Node.HostManager;

namespace Nosana.Node.Hosting.Startup;

/// <summary>Finds the network's addresses: as they were given; on mainnet, where no endpoint was named, with the one that the host manager gives.</summary>
internal sealed class RpcChoice(NetworkGiven given, StartValue<NetworkSettings> network, HostIntroduction? introduction = null) : StartStep
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        NetworkSettings settings = given.Settings;
        if (introduction is not null && settings.Name == NetworkSettings.Mainnet && !settings.IsRpcChosen
            && await introduction.ChooseRpcAsync(cancellationToken) is { } rpc)
        {
            // The rate stays that of the public ones: nobody says what the given one allows.
            settings = settings with { GivenRpc = rpc, WebSocket = null };
        }
        network.Found(settings);
    }
}

/// <summary>The network as the settings have it, before anybody was asked.</summary>
internal sealed record NetworkGiven(NetworkSettings Settings);
