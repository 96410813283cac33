using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine.Egress;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>At a machine whose egress rules are not in place: no tenant comes to a host that demands them.</summary>
public sealed class UnguardedHostAttackTests : IAsyncLifetime
{
    private MarketNetwork _network = null!;

    public async ValueTask InitializeAsync() => _network = await MarketNetwork.StartAsync();

    public ValueTask DisposeAsync() => _network.DisposeAsync();

    [Fact]
    public async Task Rules_NotInPlace_KeepTheHostOutOfTheQueue()
    {
        Assert.False(File.Exists(EgressGuard.DefaultMarker), "This test needs a machine without the egress rules.");
        using var engine = new TestEngine();
        await using (NodeProcess host = Start(engine, "--require-egress"))
        {
            await host.LineAsync("The egress rules are not installed");
            await host.LineAsync("Out of the queue");
            Assert.False(_network.HostIsQueued);
            (int code, string said, _) = await NodeProcess.RunAsync(_network.Directory, "health", "--state", _network.StateDirectory);
            Assert.Equal(0, code);
            Assert.Contains("Out of the queue until", said, StringComparison.Ordinal);
            Assert.Contains("The egress rules are not installed", said, StringComparison.Ordinal);
            Assert.False(_network.HostIsQueued);
            host.Terminate();
            Assert.Equal(0, await host.ExitAsync());
        }

        // The control: who does not demand them is told, and serves.
        await using NodeProcess other = Start(engine);
        await other.LineAsync("place 1 of 1");
        Assert.True(_network.HostIsQueued);
    }

    private NodeProcess Start(TestEngine engine, params string[] more) => NodeProcess.Start(
        _network.Directory,
        ["start", "--localnet", _network.InfoFile, "--key", _network.HostKey, "--docker", engine.Endpoint.OriginalString, "--state", _network.StateDirectory, "--expose-port", "0", "--api-port", "0", .. more]);
}
