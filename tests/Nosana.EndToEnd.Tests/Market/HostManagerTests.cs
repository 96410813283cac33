using Docker.DotNet.Models;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Engine.Images;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine.Images;
using Nosana.LocalNet.HostManager;
using Nosana.Node.HostManager;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary><c>start</c> and the host manager's stand-in, each in a process of its own: what is sent, and what start says when no sense comes back.</summary>
public sealed class HostManagerTests : IAsyncLifetime
{
    private readonly TestEngine _engine = new();
    private MarketNetwork _network = null!;

    private HostManagerStandIn Manager => _network.Server.HostManager;

    public async ValueTask InitializeAsync() => _network = await MarketNetwork.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        _engine.Dispose();
    }

    [Fact]
    public async Task Start_OnTheEmbeddedNetwork_TellsWhatTheOfficialHostTells()
    {
        await using NodeProcess host = Start("--country", "nl", "--line", "940/880");
        await UntilAsync(() => _network.HostIsQueued && Manager.Requests.Any(request => request.Path == "/nodes/heartbeat"), host);

        // The order of the introduction is fixed, the heartbeat comes when it comes.
        string legacy = HostAuthorization.Legacy(_network.Server.Keys.Host), plain = HostAuthorization.Plain(_network.Server.Keys.Host);
        Assert.Equal(
            [
                ("GET", $"/nodes/{_network.Host}", legacy),
                ("POST", $"/nodes/{_network.Host}/submit-system-specs", plain),
                ("POST", $"/nodes/{_network.Host}/check-market", legacy),
                ("GET", $"/markets/{_network.Market}/required-resources", null),
            ],
            Manager.Requests.Where(request => request.Path != "/nodes/heartbeat").Select(request => (request.Method, request.Path, request.Authorization)));
        Assert.All(Manager.Requests, request => Assert.Equal("application/json", request.ContentType));

        HostManagerRequest beat = Assert.Single(Manager.Requests, request => request.Path == "/nodes/heartbeat");
        Assert.Equal(("POST", legacy, """{"ping":"pong"}"""), (beat.Method, beat.Authorization, beat.Body));
        JsonNode specs = JsonNode.Parse(Manager.Requests[1].Body)!;
        Assert.Equal(["version", "country", "network", "system_environment", "cpu", "disk_gb", "ram_mb", "gpus", "protocol"], specs.AsObject().Select(field => field.Key));
        Assert.Equal(("NL", 940, 880), (specs["country"]!.GetValue<string>(), specs["network"]!["download_mbps"]!.GetValue<int>(), specs["network"]!["upload_mbps"]!.GetValue<int>()));
        Assert.InRange(specs["network"]!["ping_ms"]!.GetValue<int>(), 1, 10_000);
        Assert.InRange(specs["cpu"]!["logical_cores"]!.GetValue<int>(), 1, 10_000);
        Assert.Equal(specs["gpus"]!.ToJsonString(), JsonNode.Parse(JsonNode.Parse(Manager.Requests[2].Body)!["gpus"]!.GetValue<string>())!.ToJsonString());

        host.Terminate();
        Assert.Equal(0, await host.ExitAsync());
    }

    [Fact]
    public async Task Start_WithAMarket_DoesNotAskForOne()
    {
        await using NodeProcess host = Start("--market", _network.Market.Key);
        await UntilAsync(() => _network.HostIsQueued, host);

        Assert.DoesNotContain(Manager.Requests, request => request.Path.EndsWith("check-market", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithoutAHostManager_AsksNothing()
    {
        await using NodeProcess host = Start("--host-manager", "none");
        await UntilAsync(() => _network.HostIsQueued, host);

        Assert.Empty(Manager.Requests);
    }

    [Fact]
    public async Task Start_MarketWantsAnImage_IsPulledWhileTheHostWaits()
    {
        string image = $"{Environment.GetEnvironmentVariable("NOSANA_TEST_REGISTRY")}/wanted-{Guid.NewGuid():N}:1";
        string kept = OwnNames.Of(ImageReference.Parse(image));
        await TestImages.PushAsync(_engine.Client, image);
        Manager.RequiredImages = [image];
        await using NodeProcess host = Start();
        await UntilAsync(() => _network.HostIsQueued, host);
        DateTimeOffset end = DateTimeOffset.UtcNow + NodeProcess.Deadline;
        while (!await TestImages.HasAsync(_engine.Client, kept)) Assert.True(DateTimeOffset.UtcNow < end, host.Text);
        host.Terminate();
        Assert.Equal(0, await host.ExitAsync());
        await _engine.Client.DeleteImageAsync(kept, new ImageDeleteParameters(), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("status", "status 503")]
    [InlineData("nonsense", "no JSON")]
    [InlineData("error", "out of order")]
    [InlineData("silence", "no answer within 10 s")]
    public async Task Start_HostManagerFails_ServesAndSaysSo(string fault, string words)
    {
        switch (fault)
        {
            case "status": _network.Server.Faults.HostManagerStatus = 503; break;
            case "nonsense": _network.Server.Faults.HostManagerAnswer = "<html>no</html>"; break;
            case "error": _network.Server.Faults.HostManagerAnswer = """{"name":"Error","message":"out of order"}"""; break;
            default: _network.Server.Faults.HostManagerSilent = true; break;
        }
        // With a market of its own only three calls have to be waited for.
        await using NodeProcess host = Start("--market", _network.Market.Key);
        await UntilAsync(() => _network.HostIsQueued, host);

        Assert.Contains(host.Lines, line => line.Text.Contains(words, StringComparison.Ordinal) && line.Text.Contains("starts all the same", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_AskedToSignATransfer_RefusesPrintsItAndSpendsNothing()
    {
        Manager.NeedsChangeMarket = true;
        Manager.ChangeTransaction = host => new Solana.Rpc.Models.Transaction(Solana.Rpc.Models.Message.Compile(
            host, [Solana.Programs.SystemProgram.Transfer(host, _network.Server.Keys.Poster.PublicKey, 90_000_000_000)], new PublicKey(new byte[32]).Key)).Serialize();
        await using NodeProcess host = Start();

        await host.LineAsync("may leave");
        // The embedded network has a market of its own to go on with.
        await UntilAsync(() => _network.HostIsQueued, host);

        Assert.Contains("90 SOL", host.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Manager.Requests, request => request.Path == "/nodes/sync-node");
        Assert.True(_network.Server.Bank.GetAccount(_network.Host)!.Lamports > 99_000_000_000);
    }

    private NodeProcess Start(params string[] more) => NodeProcess.Start(
        _network.Directory, ["start", "--localnet", _network.InfoFile, "--key", _network.HostKey, "--docker", _engine.Endpoint.OriginalString, "--state", _network.StateDirectory, "--expose-port", "0", "--api-port", "0", .. more]);

    private static async Task UntilAsync(Func<bool> condition, NodeProcess host)
    {
        DateTimeOffset end = DateTimeOffset.UtcNow + NodeProcess.Deadline;
        while (!condition())
        {
            if (DateTimeOffset.UtcNow > end) throw new TimeoutException($"It did not happen:\n{host.Text}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken);
        }
    }
}
