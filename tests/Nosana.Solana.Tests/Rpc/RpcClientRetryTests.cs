using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Solana.Rpc;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Solana.Tests.Rpc;

public sealed class RpcClientRetryTests
{
    private static readonly PublicKey Key = TestKeys.Of(1).PublicKey;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_After429And503AndResetAndGarbage_Succeeds()
    {
        await using FakeNode node = await FakeNode.StartAsync(
            FakeNode.Code(429), FakeNode.Code(503), FakeNode.Reset, FakeNode.Raw("<html>not json"), FakeNode.Raw("{}"), FakeNode.Value("42"));
        using RpcClient client = Fast(node.Url);
        Assert.Equal(42UL, (await client.GetBalanceAsync(Key, cancellationToken: Cancelled)).Value);
        Assert.Equal(6, node.Requests.Count);
    }

    [Fact]
    public async Task Use_OtherNodes_AreAskedFromThenOnAndFaultyOnesChangeNothing()
    {
        await using FakeNode old = await FakeNode.StartAsync(FakeNode.Result("1"));
        await using FakeNode other = await FakeNode.StartAsync(FakeNode.Result("2"));
        using RpcClient client = Fast(old.Url);
        Assert.Throws<ArgumentException>(() => client.Use(new RpcClientOptions { Endpoints = [] }));
        Assert.Equal(1UL, await client.GetSlotAsync(cancellationToken: Cancelled));
        client.Use(new RpcClientOptions { Endpoints = [other.Url] });
        Assert.Equal(2UL, await client.GetSlotAsync(cancellationToken: Cancelled));
        Assert.Equal((other.Url, 1), (client.NodeAddress, old.Requests.Count));
    }

    [Fact]
    public async Task Call_NodeIsBehind_IsAskedAgain()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Error("""{"code":-32005,"message":"Node is behind by 42 slots","data":{"numSlotsBehind":42}}"""), FakeNode.Result("123"));
        using RpcClient client = Fast(node.Url);
        Assert.Equal(123UL, await client.GetSlotAsync(cancellationToken: Cancelled));
    }

    [Fact]
    public async Task Call_DefiniteError_IsNotRepeated()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Error("""{"code":-32602,"message":"Invalid param: could not find account"}"""));
        using RpcClient client = Fast(node.Url);
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => client.GetTokenAccountBalanceAsync(Key, cancellationToken: Cancelled));
        Assert.Equal(RpcException.InvalidParams, error.Code);
        Assert.Equal("getTokenAccountBalance", error.Method);
        Assert.Contains("could not find account", error.Message, StringComparison.Ordinal);
        Assert.Single(node.Requests);
    }

    [Fact]
    public async Task Call_AllAttemptsFail_NamesUrlReasonAndRemedyWithoutTheKey()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Code(503));
        using RpcClient client = Fast(new Uri(node.Url, "/v1/0123456789abcdef0123456789abcdef?api-key=secret"));
        RpcUnavailableException error = await Assert.ThrowsAsync<RpcUnavailableException>(() => client.GetSlotAsync(cancellationToken: Cancelled));
        Assert.Contains($"http://127.0.0.1:{node.Url.Port}/...", error.Message, StringComparison.Ordinal);
        Assert.Contains("HTTP 503", error.Message, StringComparison.Ordinal);
        Assert.Contains("6 attempts", error.Message, StringComparison.Ordinal);
        Assert.Contains("--rpc", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", error.Message, StringComparison.Ordinal);
        Assert.Equal(6, node.Requests.Count);
    }

    [Fact]
    public async Task Call_NobodyListens_SaysNoConnection()
    {
        FakeNode gone = await FakeNode.StartAsync();
        Uri url = gone.Url;
        await gone.DisposeAsync();
        using RpcClient client = Fast(url);
        RpcUnavailableException error = await Assert.ThrowsAsync<RpcUnavailableException>(() => client.GetSlotAsync(cancellationToken: Cancelled));
        Assert.Contains("no connection", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_CredentialsRefused_FailsAtOnce()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Code(401));
        using RpcClient client = Fast(node.Url);
        RpcUnavailableException error = await Assert.ThrowsAsync<RpcUnavailableException>(() => client.GetSlotAsync(cancellationToken: Cancelled));
        Assert.Contains("HTTP 401", error.Message, StringComparison.Ordinal);
        Assert.Contains("credentials", error.Message, StringComparison.Ordinal);
        Assert.Single(node.Requests);
    }

    [Fact]
    public async Task Call_RetryAfter_IsHonoured()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Code(429, "7"), FakeNode.Result("5"));
        var time = new ManualTimeProvider();
        var failed = new TaskCompletionSource();
        using var client = new RpcClient(Options(node.Url), NullLogger<RpcClient>.Instance, time, random: () =>
        {
            failed.TrySetResult(); // the wait is being drawn
            return 0;
        });
        Task<ulong> call = client.GetSlotAsync(cancellationToken: Cancelled);
        await failed.Task;
        await Eventually.TrueAsync(() => time.ActiveTimers == 2, "the back-off"); // and the deadline
        time.Advance(TimeSpan.FromMilliseconds(1)); // the back-off itself
        await Eventually.TrueAsync(() => time.ActiveTimers == 2, "the wait that the node asked for");
        time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Single(node.Requests);
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(5UL, await call);
    }

    [Fact]
    public async Task Call_RetryAfterBeyondTheDeadline_FailsAtOnce()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Code(429, "3600"));
        using RpcClient client = Fast(node.Url);
        RpcUnavailableException error = await Assert.ThrowsAsync<RpcUnavailableException>(() => client.GetSlotAsync(cancellationToken: Cancelled));
        Assert.Contains("429", error.Message, StringComparison.Ordinal);
        Assert.Single(node.Requests);
    }

    [Fact]
    public async Task Call_NodeHangs_EndsAtTheRequestLimitAndIsRepeated()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Hang, FakeNode.Result("5"));
        var time = new ManualTimeProvider();
        using var client = new RpcClient(Options(node.Url), NullLogger<RpcClient>.Instance, time, random: () => 0);
        Task<ulong> call = client.GetSlotAsync(cancellationToken: Cancelled);
        await AdvancePastRequestLimitAsync(node, time, requests: 1);
        Assert.Equal(5UL, await call);
    }

    [Fact]
    public async Task Call_NodeAlwaysHangs_EndsAtTheTotalLimit()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Hang);
        var time = new ManualTimeProvider();
        using var client = new RpcClient(Options(node.Url) with { TotalTimeout = TimeSpan.FromSeconds(25) }, NullLogger<RpcClient>.Instance, time, random: () => 0);
        Task<ulong> call = client.GetSlotAsync(cancellationToken: Cancelled);
        await AdvancePastRequestLimitAsync(node, time, requests: 1);
        await Eventually.TrueAsync(() => node.Requests.Count == 2, "the second request");
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Contains("no answer within 20 s", (await Assert.ThrowsAsync<RpcUnavailableException>(() => call)).Message, StringComparison.Ordinal);
        Assert.Equal(2, node.Requests.Count);
    }

    [Fact]
    public async Task Call_CallerCancels_IsACancellation()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Hang);
        using RpcClient client = Fast(node.Url);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        Task<ulong> call = client.GetSlotAsync(cancellationToken: cancel.Token);
        await Eventually.TrueAsync(() => node.Requests.Count == 1, "the request");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Call_AnswerTooLong_SaysSo()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Result($"\"{new string('x', 5000)}\""));
        using var client = new RpcClient(Options(node.Url) with { MaxResponseBytes = 1000 }, NullLogger<RpcClient>.Instance);
        Assert.Contains("longer than 1000 bytes", (await Assert.ThrowsAsync<RpcUnavailableException>(() => client.GetHealthAsync(Cancelled))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failover_FirstNodeFails_StaysWithTheSecondAndReturnsAfterAWhile()
    {
        await using FakeNode first = await FakeNode.StartAsync(FakeNode.Code(503), FakeNode.Result("1"));
        await using FakeNode second = await FakeNode.StartAsync(FakeNode.Result("2"));
        var time = new ManualTimeProvider();
        using var client = new RpcClient(Options(first.Url, second.Url), NullLogger<RpcClient>.Instance, time, random: () => 0);
        Assert.Equal(2UL, await client.GetSlotAsync(cancellationToken: Cancelled));
        Assert.Equal(2UL, await client.GetSlotAsync(cancellationToken: Cancelled));
        Assert.Equal(second.Url, client.NodeAddress);
        Assert.Single(first.Requests);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1UL, await client.GetSlotAsync(cancellationToken: Cancelled));
        Assert.Equal(first.Url, client.NodeAddress);
    }

    [Fact]
    public async Task Failover_BothFail_AsksBothInTurnAndWaitsBetweenRounds()
    {
        await using FakeNode first = await FakeNode.StartAsync(FakeNode.Code(503));
        await using FakeNode second = await FakeNode.StartAsync(FakeNode.Code(401));
        using var client = new RpcClient(Options(first.Url, second.Url), NullLogger<RpcClient>.Instance, random: () => 0);
        await Assert.ThrowsAsync<RpcUnavailableException>(() => client.GetSlotAsync(cancellationToken: Cancelled));
        Assert.Equal(5, first.Requests.Count);
        Assert.Single(second.Requests); // what refuses is not asked again
    }

    [Theory]
    [InlineData("401")]
    [InlineData("403")]
    [InlineData("410")]
    [InlineData("""{"code":-32010,"message":"excluded from account secondary indexes"}""")]
    [InlineData("""{"code":-32601,"message":"Method not found"}""")]
    [InlineData("""{"code":403,"message":"Your plan does not include this method"}""")]
    [InlineData("""{"code":-32600,"message":"getProgramAccounts is not available on the Free tier"}""")]
    public async Task Call_NodeRefusesForGood_TheNextIsAskedAndTheFirstIsNotAskedThatAgain(string refusal)
    {
        await using FakeNode first = await FakeNode.StartAsync(int.TryParse(refusal, out int status) ? FakeNode.Code(status) : FakeNode.Error(refusal));
        await using FakeNode second = await FakeNode.StartAsync(FakeNode.Value("[]"));
        using RpcClient client = Fast(first.Url, second.Url);
        Assert.Empty((await client.GetProgramAccountsAsync(Key, cancellationToken: Cancelled)).Value);
        await client.GetProgramAccountsAsync(Key, cancellationToken: Cancelled);
        Assert.Single(first.Requests);
        Assert.Equal(2, second.Requests.Count);
    }

    [Fact]
    public async Task Call_StatusOfARefusalWithABodyOfJson_TheNextIsAsked()
    {
        await using FakeNode first = await FakeNode.StartAsync((context, request) =>
        {
            context.Response.StatusCode = 403;
            return FakeNode.Error("""{"code":-32099,"message":"Forbidden"}""")(context, request);
        });
        await using FakeNode second = await FakeNode.StartAsync(FakeNode.Result("5"));
        using RpcClient client = Fast(first.Url, second.Url);
        Assert.Equal(5UL, await client.GetSlotAsync(cancellationToken: Cancelled));
    }

    [Fact]
    public async Task Call_EveryNodeRefuses_TellsOfAllOfThem()
    {
        await using FakeNode first = await FakeNode.StartAsync(FakeNode.Code(403));
        await using FakeNode second = await FakeNode.StartAsync(FakeNode.Error("""{"code":-32010,"message":"excluded from account secondary indexes"}"""));
        using RpcClient client = Fast(first.Url, second.Url);
        RpcUnavailableException error = await Assert.ThrowsAsync<RpcUnavailableException>(() => client.GetProgramAccountsAsync(Key, cancellationToken: Cancelled));
        Assert.Contains($"127.0.0.1:{first.Url.Port}: HTTP 403", error.Message, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{second.Url.Port}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("secondary indexes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_OneMethodIsRefused_TheOthersStayWithTheFirstNode()
    {
        await using FakeNode first = await FakeNode.StartAsync(FakeNode.Error("""{"code":-32601,"message":"Method not found"}"""), FakeNode.Result("1"));
        await using FakeNode second = await FakeNode.StartAsync(FakeNode.Value("[]"));
        using RpcClient client = Fast(first.Url, second.Url);
        await client.GetProgramAccountsAsync(Key, cancellationToken: Cancelled);
        Assert.Equal(1UL, await client.GetSlotAsync(cancellationToken: Cancelled));
    }

    [Fact]
    public async Task Call_NodeLags_IsPassedOver()
    {
        await using FakeNode first = await FakeNode.StartAsync(FakeNode.Error("""{"code":-32016,"message":"Minimum context slot has not been reached"}"""));
        await using FakeNode second = await FakeNode.StartAsync(FakeNode.Value("42", slot: 101));
        using RpcClient client = Fast(first.Url, second.Url);
        Assert.Equal(42UL, (await client.GetBalanceAsync(Key, minContextSlot: 100, cancellationToken: Cancelled)).Value);
        Assert.Contains("\"minContextSlot\":100", Assert.Single(second.Requests).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_NodeKnowsNoMinimumAndLags_ItsAnswerIsNotTaken()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Value("null", slot: 99), FakeNode.Value("null", slot: 99), FakeNode.Value("null", slot: 100));
        using RpcClient client = Fast(node.Url);
        Assert.Equal(100UL, (await client.GetAccountInfoAsync(Key, minContextSlot: 100, cancellationToken: Cancelled)).Context.Slot);
    }

    [Fact]
    public async Task GetSignatureStatuses_NodeLags_ItsAnswerIsNotTaken()
    {
        await using FakeNode first = await FakeNode.StartAsync(FakeNode.Value("[null]", slot: 99));
        await using FakeNode second = await FakeNode.StartAsync(
            FakeNode.Value("""[{"slot":100,"confirmations":1,"err":null,"status":{"Ok":null},"confirmationStatus":"confirmed"}]""", slot: 101));
        using RpcClient client = Fast(first.Url, second.Url);
        Assert.NotNull((await client.GetSignatureStatusesAsync(["a"], minContextSlot: 100, cancellationToken: Cancelled)).Value[0]);
        Assert.DoesNotContain("minContextSlot", Assert.Single(second.Requests).GetRawText(), StringComparison.Ordinal); // it is no option of this method
    }

    [Fact]
    public async Task GetNewestSlot_NodesDiffer_IsThatOfTheNewest()
    {
        await using FakeNode lagging = await FakeNode.StartAsync(FakeNode.Result("90"));
        await using FakeNode newest = await FakeNode.StartAsync(FakeNode.Result("100"));
        await using FakeNode refusing = await FakeNode.StartAsync(FakeNode.Error("""{"code":-32601,"message":"Method not found"}"""));
        await using FakeNode down = await FakeNode.StartAsync(FakeNode.Code(503));
        using RpcClient client = Fast(lagging.Url, newest.Url, refusing.Url, down.Url);
        Assert.Equal(100UL, await client.GetNewestSlotAsync(Cancelled));
        using RpcClient none = Fast(refusing.Url, down.Url);
        Assert.Null(await none.GetNewestSlotAsync(Cancelled));
    }

    [Fact]
    public async Task Call_NodesLagForLong_AreWaitedForWithABound()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Value("[]", slot: 99));
        using var client = new RpcClient(Options(node.Url) with { LagPatience = TimeSpan.FromSeconds(1) }, NullLogger<RpcClient>.Instance);
        RpcUnavailableException error = await Assert.ThrowsAsync<RpcUnavailableException>(
            () => client.GetProgramAccountsAsync(Key, minContextSlot: 100, cancellationToken: Cancelled));
        Assert.True(error.IsBehind);
        Assert.InRange(node.Requests.Count, 2, 6);
    }

    [Fact]
    public async Task Call_RetryAfter_IsLengthenedByChance()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Code(429, "1000"), FakeNode.Result("5"));
        using var client = new RpcClient(Options(node.Url), NullLogger<RpcClient>.Instance, random: () => 0.5);
        RpcUnavailableException error = await Assert.ThrowsAsync<RpcUnavailableException>(() => client.GetSlotAsync(cancellationToken: Cancelled));
        Assert.Contains("429", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<RpcUnavailableException>(() => client.GetSlotAsync(cancellationToken: Cancelled));
        Assert.Matches("left alone for another 10(49|50) s", error.Message);
    }

    [Fact]
    public async Task RequestAirdrop_ConnectionBreaks_IsNotRepeated()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Code(429), FakeNode.Reset, FakeNode.Result("\"sig\""));
        using RpcClient client = Fast(node.Url);
        await Assert.ThrowsAsync<RpcUnavailableException>(() => client.RequestAirdropAsync(Key, 1, cancellationToken: Cancelled));
        Assert.Equal(2, node.Requests.Count);
    }

    [Fact]
    public async Task GetHealth_Unhealthy_IsTheAnswer()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Error("""{"code":-32005,"message":"Node is unhealthy"}"""));
        using RpcClient client = Fast(node.Url);
        RpcUnavailableException error = await Assert.ThrowsAsync<RpcUnavailableException>(() => client.GetHealthAsync(Cancelled));
        Assert.Contains("Node is unhealthy", error.Message, StringComparison.Ordinal);
        Assert.Single(node.Requests);
    }

    [Fact]
    public async Task Budget_ThreeRequestsOfABurstOfTwo_TheThirdWaits()
    {
        await using FakeNode node = await FakeNode.StartAsync(FakeNode.Result("1"));
        var time = new ManualTimeProvider();
        using var client = new RpcClient(Options(node.Url) with { RequestsPerSecond = 4, Burst = 2 }, NullLogger<RpcClient>.Instance, time);
        await client.GetSlotAsync(cancellationToken: Cancelled);
        await client.GetSlotAsync(cancellationToken: Cancelled);
        Task<ulong> third = client.GetSlotAsync(cancellationToken: Cancelled);
        await Eventually.TrueAsync(() => time.ActiveTimers == 2, "the wait for the budget");
        time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Equal(2, node.Requests.Count);
        time.Advance(TimeSpan.FromMilliseconds(2));
        await third;
        Assert.Equal(3, node.Requests.Count);
    }

    [Fact]
    public void Constructor_FaultyOptions_NamesEveryFault()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new RpcClient(new RpcClientOptions { Endpoints = [new Uri("ftp://x")], MaxAttempts = 0, Burst = 0 }, NullLogger<RpcClient>.Instance));
        Assert.Contains("ftp://x", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxAttempts", error.Message, StringComparison.Ordinal);
        Assert.Contains("Burst", error.Message, StringComparison.Ordinal);
    }

    private static async Task AdvancePastRequestLimitAsync(FakeNode node, ManualTimeProvider time, int requests)
    {
        await Eventually.TrueAsync(() => node.Requests.Count == requests, "the request");
        time.Advance(TimeSpan.FromSeconds(20));
        await Eventually.TrueAsync(() => time.ActiveTimers == 2, "the back-off"); // and the deadline
        time.Advance(TimeSpan.FromMilliseconds(1));
    }

    private static RpcClient Fast(params Uri[] urls) => new(Options(urls), NullLogger<RpcClient>.Instance, random: () => 0);

    // The waits are a millisecond (a random half is taken off) or two, so that tests on the system clock do not notice them.
    private static RpcClientOptions Options(params Uri[] urls) => new() { Endpoints = urls, BackoffBase = TimeSpan.FromMilliseconds(2), BackoffCap = TimeSpan.FromMilliseconds(4) };
}
