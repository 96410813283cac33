using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Chain;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Testing;

namespace Nosana.Node.Tests.Chain;

public sealed class RpcProbeTests : IAsyncLifetime
{
    private ChainStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await ChainStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task FindProblemsAsync_NodeServesAll_FindsNone() =>
        Assert.Empty(await RpcProbe.FindProblemsAsync(_stub.Chain, _stub.NewKey(), Cancel));

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("getProgramAccounts", -32010, "excluded from account secondary indexes")]
    [InlineData("getProgramAccounts", 403, "not in your plan")]
    [InlineData("getMultipleAccounts", -32601, "Method not found")]
    [InlineData("getLatestBlockhash", -32601, "Method not found")]
    [InlineData("getSignatureStatuses", -32601, "Method not found")]
    public async Task FindProblemsAsync_PlanLeavesACallOut_NamesIt(string method, int code, string said)
    {
        _stub.Network.Faults.Node.Refuse(method, code, said);
        string problem = Assert.Single(await RpcProbe.FindProblemsAsync(_stub.Chain, _stub.NewKey(), Cancel));
        Assert.Contains(method, problem, StringComparison.Ordinal);
        Assert.Contains(said, problem, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FindStreamProblemAsync_WebSocket_IsTried(bool refused)
    {
        _stub.Network.Faults.RefuseSockets = refused;
        var clock = new ManualTimeProvider();
        await using var stream = new StreamingRpcClient(
            new StreamingRpcClientOptions { Endpoint = _stub.Network.WsUri }, NullLogger<StreamingRpcClient>.Instance);
        Task<string?> probe = RpcProbe.FindStreamProblemAsync(_stub.Chain, stream, _stub.NewKey(), clock, Cancel);
        if (refused) await Eventually.EndsAsync(probe, clock, TimeSpan.FromSeconds(1));
        Assert.Equal(refused, await probe is not null);
    }
}
