using System.Globalization;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>
/// What keeps <c>start</c> from serving, said before it does anything: what is wrong, what to do, and the exit code where another start is needed. What
/// may pass is waited for.
/// </summary>
public sealed class PreflightTests : IAsyncLifetime
{
    private readonly TestEngine _engine = new();
    private MarketNetwork _network = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _network = await MarketNetwork.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        _engine.Dispose();
    }

    [Fact]
    public async Task Start_WalletWithoutSol_SaysHowMuchIsNeededAndQueuesWhenItIsThere()
    {
        _network.SetLamports(_network.Host, 1);
        await using NodeProcess node = NodeProcess.Start(_network.Directory, Arguments());
        string line = (await node.LineAsync("Out of the queue")).Text;
        Assert.All([_network.Host, "0.005", "Send it SOL"], part => Assert.Contains(part, line, StringComparison.Ordinal));
        Assert.False(_network.HostIsQueued);
        _network.SetLamports(_network.Host, 1_000_000_000);
        await node.LineAsync("In the queue");
    }

    [Fact]
    public async Task Start_RpcDoesNotAnswer_NamesItAndServesWhenItDoes()
    {
        _network.Server.Faults.RpcDown = true;
        await using NodeProcess node = NodeProcess.Start(_network.Directory, Arguments());
        string line = (await node.LineAsync("Not serving yet")).Text;
        Assert.All(["The chain cannot be asked", _network.Server.RpcUri.Authority], part => Assert.Contains(part, line, StringComparison.Ordinal));
        _network.Server.Faults.RpcDown = false;
        await node.LineAsync("In the queue");
    }

    [Fact]
    public async Task Start_NobodyListensAtTheRpcsPort_NamesItAndStopsWhenTold()
    {
        await using NodeProcess node = NodeProcess.Start(_network.Directory, [.. Arguments(), "--rpc", "http://127.0.0.1:1"]);
        Assert.Contains("127.0.0.1:1", (await node.LineAsync("The chain cannot be asked")).Text, StringComparison.Ordinal);
        node.Terminate();
        Assert.Equal(0, await node.ExitAsync());
    }

    [Fact]
    public async Task Start_KeyFileMissing_NamesIt()
    {
        string file = Path.Combine(_network.Directory, "absent.json");
        await RefusedAsync(Arguments(key: file), file);
    }

    [Fact]
    public async Task Address_Create_MakesAKeyFileOnce()
    {
        string file = Path.Combine(_network.Directory, "new", "key.json");
        (int code, string address, string errors) = await NodeProcess.RunAsync(_network.Directory, "address", "--create", "--key", file);
        Assert.True(code == 0, errors);
        byte[] made = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        (_, string again, _) = await NodeProcess.RunAsync(_network.Directory, "address", "--create", "--key", file);
        Assert.Equal(address, again);
        Assert.Equal(made, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("[1,2,3]")]
    [InlineData("not a key")]
    [InlineData("")]
    public async Task Start_KeyFileDamaged_NamesIt(string content)
    {
        string file = Path.Combine(_network.Directory, "damaged.json");
        await File.WriteAllTextAsync(file, content, Token);
        await RefusedAsync(Arguments(key: file), file);
    }

    [Fact]
    public async Task Start_MarketDoesNotExist_NamesIt()
    {
        using var nobody = new Account();
        await RefusedAsync([.. Arguments(), "--market", nobody.PublicKey], nobody.PublicKey, "does not exist", "--market");
    }

    [Fact]
    public async Task Start_EngineIsNotUpYet_NamesItAndServesWhenItIs()
    {
        string socket = Path.Combine(_network.Directory, "engine.sock");
        await using NodeProcess node = NodeProcess.Start(_network.Directory, Arguments(docker: $"unix://{socket}"));
        Assert.Contains(socket, (await node.LineAsync("Not serving yet")).Text, StringComparison.Ordinal);
        File.CreateSymbolicLink(socket, _engine.Endpoint.LocalPath);
        await node.LineAsync("In the queue");
    }

    [Fact]
    public async Task Start_EverythingIsWrong_SaysAllOfItAtOnce()
    {
        using var nobody = new Account();
        await RefusedAsync([.. Arguments(docker: "unix:///nonexistent/engine.sock"), "--market", nobody.PublicKey], "/nonexistent/engine.sock", nobody.PublicKey);
    }

    [Fact]
    public async Task Start_StateDirectoryOrKeyInUse_SaysByWhom()
    {
        await using NodeProcess first = NodeProcess.Start(_network.Directory, Arguments());
        await first.LineAsync("In the queue");

        string pid = first.Id.ToString(CultureInfo.InvariantCulture);
        await RefusedAsync(Arguments(), $"pid {pid}", _network.StateDirectory);
        string other = Path.Combine(_network.Directory, "other-state");
        await RefusedAsync(Arguments(state: other), $"pid {pid}", _network.Host);
        Assert.True(_network.HostIsQueued);

        first.Terminate();
        Assert.Equal(0, await first.ExitAsync());
        await using NodeProcess next = NodeProcess.Start(_network.Directory, Arguments());
        await next.LineAsync("In the queue");
    }

    private string[] Arguments(string? key = null, string? docker = null, string? state = null) =>
        ["start", "--localnet", _network.InfoFile, "--key", key ?? _network.HostKey, "--docker", docker ?? _engine.Endpoint.OriginalString, "--state", state ?? _network.StateDirectory, "--expose-port", "0", "--api-port", "0"];

    private async Task RefusedAsync(IEnumerable<string> arguments, params string[] parts)
    {
        bool queued = _network.HostIsQueued;
        (int code, string output, string text) = await NodeProcess.RunAsync(_network.Directory, arguments);
        Assert.Equal(2, code);
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal); // a sentence, no stack
        Assert.DoesNotContain("Serving market", output, StringComparison.Ordinal);
        Assert.Equal(queued, _network.HostIsQueued);
    }
}
