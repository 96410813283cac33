using System.Globalization;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>What keeps <c>start</c> from serving, said before it does anything: exit code, what is wrong, what to do.</summary>
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
    public async Task Start_WalletWithoutSol_SaysHowMuchIsNeeded()
    {
        _network.SetLamports(_network.Host, 1);
        await RefusedAsync(Arguments(), _network.Host, "SOL", "0.005");
    }

    [Fact]
    public async Task Start_RpcDoesNotAnswer_NamesIt()
    {
        _network.Server.Faults.RpcDown = true;
        await RefusedAsync(Arguments(), "The chain cannot be asked", _network.Server.RpcUri.Authority);
    }

    [Fact]
    public async Task Start_NobodyListensAtTheRpcsPort_NamesIt() =>
        await RefusedAsync([.. Arguments(), "--rpc", "http://127.0.0.1:1"], "The chain cannot be asked", "127.0.0.1:1");

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
    public async Task Start_EngineDoesNotAnswer_NamesIt() =>
        await RefusedAsync(Arguments(docker: "unix:///nonexistent/engine.sock"), "/nonexistent/engine.sock");

    [Fact]
    public async Task Start_EverythingIsWrong_SaysAllOfItAtOnce()
    {
        _network.SetLamports(_network.Host, 1);
        using var nobody = new Account();
        await RefusedAsync([.. Arguments(docker: "unix:///nonexistent/engine.sock"), "--market", nobody.PublicKey], "/nonexistent/engine.sock", "SOL", nobody.PublicKey);
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
        ["start", "--localnet", _network.InfoFile, "--key", key ?? _network.HostKey, "--docker", docker ?? _engine.Endpoint.OriginalString, "--state", state ?? _network.StateDirectory, "--expose-port", "0"];

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
