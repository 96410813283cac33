using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.LocalNet;
using Nosana.Node.Chain;
using Nosana.Node.Control;
using Nosana.Node.Exposure;
using Nosana.Node.Market;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Jobs;
using Nosana.Node.Tests.Exposure;
using Nosana.Node.Tests.Logs;
using Nosana.Node.Tests.Support;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Hosting;

/// <summary>The host as <c>start</c> puts it together, on an embedded network and an engine in memory.</summary>
public sealed class NodeHostTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeEngine _engine = new(TimeProvider.System);
    private readonly List<GivenFlag> _flags = [];
    private LocalNetServer _network = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string info = Path.Combine(_directory.Path, "net.json"), keys = Path.Combine(_directory.Path, "keys");
        _network = await LocalNetServer.StartAsync(new LocalNetOptions { Port = 0, InfoPath = info, KeyDirectory = keys }, Cancel);
        Flag("localnet", info);
        Flag("key", _network.Info.Host.Keypair!);
        Flag("state", Path.Combine(_directory.Path, "state"));
        Flag("exposePort", "0");
        Flag("apiPort", "0");
    }

    public async ValueTask DisposeAsync()
    {
        _engine.Dispose();
        await _network.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Build_AllSettings_EveryServiceCanBeMade()
    {
        using HostIdentity identity = HostIdentity.Take(Settings());
        using IHost host = Build(identity); // validates
        Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<NosanaChain>());
        await Task.CompletedTask;
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StartAsync_HostIsInOrder_QueuesAndLeavesTheQueueAtItsEnd()
    {
        using HostIdentity identity = HostIdentity.Take(Settings());
        using IHost host = Build(identity);
        await host.StartAsync(Cancel);
        MarketQueue queue = host.Services.GetRequiredService<MarketQueue>();
        while (await queue.FindAsync(Cancel) is null) await Task.Yield();
        Assert.Equal(_network.Info.Market, host.Services.GetRequiredService<MarketMembership>().Market.Key);
        Assert.Contains(_network.HostManager.Requests, request => request.Path.EndsWith("submit-system-specs", StringComparison.Ordinal));

        await host.StopAsync(Cancel);
        Assert.Null(await queue.FindAsync(Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_DrainedWhileTheStartWaits_EndsWithZero()
    {
        _network.Faults.HostManagerSilent = true;
        using HostIdentity identity = HostIdentity.Take(Settings());
        using IHost host = Build(identity);
        Task<int> run = NodeHost.RunAsync(host, Cancel);
        var socket = new ControlSocket(Path.Combine(_directory.Path, "state"));
        using var client = new ControlClient(socket);
        // It has its mode once it listens.
        await Eventually.TrueAsync(
            () => File.Exists(socket.Path) && File.GetUnixFileMode(socket.Path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), "the control channel");
        Assert.Equal("Starting", (string?)(await client.SendAsync(HttpMethod.Get, Node.Operations.StatusCommand.Path, null, Cancel))["state"]);
        await client.SendAsync(HttpMethod.Post, Node.Market.DrainCommand.Path, null, Cancel);
        Assert.Equal(ExitCodes.Success, await run);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StartAsync_EngineIsAway_IsWaitedForBeforeTheHostManagerIsTold()
    {
        _engine.Down = true;
        using HostIdentity identity = HostIdentity.Take(Settings());
        using IHost host = Build(identity);
        SlotStatus status = host.Services.GetRequiredService<SlotStatus>();
        Task starting = host.StartAsync(Cancel);
        while (!status.Now.Text.StartsWith("Waiting to start", StringComparison.Ordinal)) await Task.Yield();
        Assert.Contains("does not answer", status.Now.Text, StringComparison.Ordinal);
        Assert.Empty(_network.HostManager.Requests);
        _engine.Down = false;
        await starting;
        Assert.NotEmpty(_network.HostManager.Requests);
        await host.StopAsync(Cancel);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StartAsync_WalletIsEmpty_StaysOutOfTheQueueAndSaysWhy()
    {
        _network.Bank.SetAccount(new PublicKey(_network.Info.Host.Address),
            new LocalNet.Runtime.AccountState(1, Solana.Programs.WellKnownAddresses.SystemProgram, default));
        using HostIdentity identity = HostIdentity.Take(Settings());
        using IHost host = Build(identity);
        await host.StartAsync(Cancel);
        SlotStatus status = host.Services.GetRequiredService<SlotStatus>();
        while (!status.Now.Text.StartsWith("Out of the queue", StringComparison.Ordinal)) await Task.Yield();
        Assert.Contains("Send it SOL", status.Now.Text, StringComparison.Ordinal);
        await host.StopAsync(Cancel);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StartAsync_MoreIsAskedForThanTheEngineHas_NamesTheSetting()
    {
        Flag("memory", "1g");
        CommandException refused = await RefusedAsync();
        Assert.Contains("--memory asks for 1073741824 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StartAsync_PortIsTaken_SaysWhichAndWhatToDo()
    {
        await using Ingress other = await Ingress.StartAsync();
        Flag("exposePort", $"{other.Server.Address.Port}");
        using HostIdentity identity = HostIdentity.Take(Settings());
        using IHost host = Build(identity);
        ExposureAddressException refused = await Assert.ThrowsAsync<ExposureAddressException>(() => host.StartAsync(Cancel));
        Assert.Contains($":{other.Server.Address.Port}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--expose-port", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_network.HostManager.Requests);
    }

    private async Task<CommandException> RefusedAsync()
    {
        using HostIdentity identity = HostIdentity.Take(Settings());
        using IHost host = Build(identity);
        CommandException refused = await Assert.ThrowsAsync<CommandException>(() => host.StartAsync(Cancel));
        Assert.Equal(ExitCodes.Refused, refused.ExitCode);
        Assert.StartsWith("start is not possible:", refused.Message, StringComparison.Ordinal);
        return refused;
    }

    private IHost Build(HostIdentity identity) => NodeHost.Build(Settings(), identity, NullLoggerFactory.Instance, services =>
    {
        services.AddSingleton<IEngineClient>(_engine);
        services.AddSingleton<IPullDisplay>(new NoPullDisplay());
    });

    private NodeSettings Settings() => NodeSettings.Load(_flags, new Dictionary<string, string>(), "/nonexistent/config.json");

    private void Flag(string key, string text)
    {
        _flags.RemoveAll(flag => flag.Setting.Key == key);
        _flags.Add(new GivenFlag(SettingsTable.Of(key), SettingsTable.Of(key).Flag!, [text]));
    }
}
