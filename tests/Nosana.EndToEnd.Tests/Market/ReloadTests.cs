using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.LocalNet;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>Settings that are changed while the host runs.</summary>
public sealed class ReloadTests : IAsyncLifetime
{
    private readonly MarketHost _host = new();
    private PublicKey _otherMarket;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MarketNetwork Network => _host.Network;

    private string SettingsFile => Path.Combine(Network.Directory, "config.json");

    public async ValueTask InitializeAsync()
    {
        await _host.PrepareAsync();
        using var address = new Account();
        _otherMarket = address.PublicKey;
        Network.Server.Bank.SetAccount(_otherMarket, Network.Server.Bank.GetAccount(Network.Market)!); // the same terms, and an empty queue
        Configure([]);
        _host.Options = ["--config", SettingsFile];
        await _host.StartAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Reload_OtherMarketWhileAJobRuns_TheJobGoesOnAndTheOtherQueueIsJoined()
    {
        PublicKey job = await Network.PostAsync(CountingJob.Definition(0.2));
        string container = await _host.RunningContainerAsync(job);
        Configure(new JsonObject { ["market"] = _otherMarket.Key });
        JsonNode outcome = await ReloadAsync();
        (_, JsonNode result) = await _host.CompletedAsync(job);

        Assert.Equal("""["market"]""", outcome["taken"]!.ToJsonString());
        CountingJob.AssertWhole(result, container);
        await _host.UntilAsync(() => IsQueuedIn(_otherMarket), "the host is in the other market's queue");
        Assert.False(Network.HostIsQueued);
    }

    [Fact]
    public async Task Reload_OtherMarketWhileQueued_TheOldQueueIsLeftForTheOther()
    {
        Configure(new JsonObject { ["market"] = _otherMarket.Key });
        await ReloadAsync();
        await _host.UntilAsync(() => IsQueuedIn(_otherMarket), "the host is in the other market's queue");
        Assert.False(Network.HostIsQueued);
    }

    [Fact]
    public async Task Reload_OtherRpcAndCredential_AreTakenAtOnceAndOthersAreNamed()
    {
        Configure(new JsonObject
        {
            ["rpc"] = new UriBuilder(Network.Server.RpcUri) { Host = "localhost" }.Uri.ToString(),
            ["ipfsJwt"] = "another",
            ["country"] = "NL",
            ["cpus"] = 1,
        });
        JsonNode outcome = await ReloadAsync();
        Assert.Equal("""["rpc","ipfsCredential"]""", outcome["taken"]!.ToJsonString());
        Assert.Equal(["country", "cpus"], outcome["needRestart"]!.AsArray().Select(key => (string)key!).Order());
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo done"));
        await _host.CompletedAsync(job);
    }

    [Fact]
    public async Task Reload_SettingsThatCannotBeUsed_ChangeNothingAndTheCallerIsTold()
    {
        await using LocalNetServer stranger = await LocalNetServer.StartAsync(new LocalNetOptions { Port = 0 }, Token);
        foreach ((JsonObject settings, string words) in new[]
        {
            (new JsonObject { ["markt"] = "x" }, "there is no setting 'markt'"),
            (new JsonObject { ["market"] = new PublicKey(new byte[32]).Key, ["ipfsJwt"] = "never" }, "does not exist on this network"),
            (new JsonObject { ["rpc"] = stranger.RpcUri.ToString(), ["market"] = _otherMarket.Key }, "of another network"),
            (new JsonObject { ["rpc"] = "http://127.0.0.1:9", ["market"] = _otherMarket.Key }, "cannot be used"),
        })
        {
            Configure(settings);
            int from = _host.Process.Lines.Count;
            (int code, _, string text) = await RunReloadAsync();
            Assert.NotEqual(0, code);
            Assert.Contains(words, text, StringComparison.Ordinal);
            await _host.Process.LineAsync("nothing has changed", from);
        }
        Assert.True(Network.HostIsQueued);
        await _host.CompletedAsync(await Network.PostAsync(Definitions.Shell("echo done")));
        Configure([]);
        Assert.Equal("[]", (await ReloadAsync())["taken"]!.ToJsonString());
    }

    private bool IsQueuedIn(PublicKey market) =>
        MarketAccount.Decode(Network.Server.Bank.GetAccount(market)!.Data.Span) is { QueueType: QueueType.Node } account && account.IndexInQueue(Network.Host) >= 0;

    private void Configure(JsonObject settings)
    {
        File.WriteAllText(SettingsFile, settings.ToJsonString());
        File.SetUnixFileMode(SettingsFile, UnixFileMode.UserRead | UnixFileMode.UserWrite); // it may hold a secret
    }

    private async Task<JsonNode> ReloadAsync()
    {
        (int code, string output, string text) = await RunReloadAsync("--format", "json");
        Assert.True(code == 0, text);
        return JsonNode.Parse(output)!;
    }

    // As a service manager runs it: of the file itself this process is told nothing.
    private Task<(int ExitCode, string Output, string Text)> RunReloadAsync(params IEnumerable<string> more) =>
        NodeProcess.RunAsync(Network.Directory, ["reload", "--state", Network.StateDirectory, .. more]);
}
