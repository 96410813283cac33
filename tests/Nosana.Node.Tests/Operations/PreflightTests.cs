using Microsoft.Extensions.Logging.Abstractions;
using Nosana.LocalNet.Runtime;
using Nosana.Node.Chain;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Operations;
using Nosana.Node.Tests.Support;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Tests.Operations;

public sealed class PreflightTests : IAsyncLifetime
{
    private MarketBench _bench = null!;

    private static CancellationToken Cancel => MarketBench.Cancel;

    public async ValueTask InitializeAsync() => _bench = await MarketBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task CheckAsync_FundedHostOnAnOpenMarket_HasNoProblem()
    {
        (PublicKey? key, IReadOnlyList<string> problems) = await CheckAsync();
        Assert.Null(key);
        Assert.Empty(problems);
    }

    [Fact]
    public async Task CheckAsync_EverythingIsWrong_TellsItAllAtOnce()
    {
        _bench.Bench.Engine.Down = true;
        _bench.Server.Bank.SetAccount(_bench.Wallet.Address, new AccountState(1000, WellKnownAddresses.SystemProgram, default));
        _bench.CloseAccount(_bench.Chain.Programs.NosTokenAccount(_bench.Wallet.Address));
        using var nowhere = new Account();
        (_, IReadOnlyList<string> problems) = await CheckAsync(market: nowhere.PublicKey, hasCredential: false);
        Assert.Collection(problems,
            problem => Assert.Contains("NOSANA_IPFS_JWT", problem, StringComparison.Ordinal),
            problem => Assert.Contains("--create-accounts", problem, StringComparison.Ordinal),
            problem => Assert.Contains("does not answer", problem, StringComparison.Ordinal),
            problem => Assert.Contains("Send it SOL", problem, StringComparison.Ordinal),
            problem => Assert.Contains("does not exist on this network", problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CheckAsync_AccountsAreMissing_AreNamedAndMadeWhenAskedFor()
    {
        PublicKey tokens = _bench.Chain.Programs.NosTokenAccount(_bench.Wallet.Address);
        _bench.CloseAccount(tokens);
        (_, IReadOnlyList<string> problems) = await CheckAsync();
        Assert.Contains("--create-accounts", Assert.Single(problems), StringComparison.Ordinal);
        (_, problems) = await CheckAsync(create: true);
        Assert.Empty(problems);
        Assert.True(await _bench.Chain.ExistsAsync(tokens, Cancel));
    }

    [Fact]
    public async Task CheckAsync_ChainDoesNotAnswer_SaysSo()
    {
        _bench.Server.Faults.ProgramAccountsDisabled = true;
        using var rpc = new RpcClient(new RpcClientOptions { Endpoints = [new Uri("http://127.0.0.1:9")], MaxAttempts = 1 }, NullLogger<RpcClient>.Instance);
        var chain = new NosanaChain(rpc, _bench.Chain.Programs);
        OwnLook own = await Preflight(chain).LookAtOwnAsync(false, true, Cancel);
        Assert.Empty(own.Problems);
        Assert.StartsWith("The chain cannot be asked", Assert.Single(own.Passing), StringComparison.Ordinal);
        Assert.False(own.ChainAnswers);
    }

    [Fact]
    public async Task CheckAsync_PinningServiceRefusesTheCredential_IsAProblem()
    {
        _bench.Server.Faults.PinningUnauthorized = true;
        (_, IReadOnlyList<string> problems) = await CheckAsync();
        Assert.Contains("credential", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_PinningServiceIsDown_IsNone()
    {
        _bench.Server.Faults.PinningDown = true;
        (_, IReadOnlyList<string> problems) = await CheckAsync();
        Assert.Empty(problems);
    }

    private Preflight Preflight(NosanaChain chain) =>
        new(chain, _bench.Outbox, Containers, _bench.Wallet, _bench.Pinning, NullLogger<Preflight>.Instance);

    private ContainerRuntime Containers => new(_bench.Bench.Engine, NullLogger<ContainerRuntime>.Instance, _bench.Clock);

    /// <summary>Both looks, one after the other.</summary>
    private async Task<(PublicKey? AccessKey, IReadOnlyList<string> Problems)> CheckAsync(bool create = false, PublicKey? market = null, bool hasCredential = true)
    {
        Preflight preflight = Preflight(_bench.Chain);
        OwnLook own = await preflight.LookAtOwnAsync(create, hasCredential, Cancel);
        MarketLook look = await preflight.LookAtMarketAsync(market ?? _bench.Slot.Market, create, Cancel);
        return (look.Membership.AccessKey, [.. own.Problems, .. own.Passing, .. look.Problems]);
    }
}
