using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Solana.Tests.Streaming;

public sealed class StreamingRpcClientTests
{
    private static readonly PublicKey Key = TestKeys.Of(1).PublicKey;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SubscribeAccountInfo_Notifications_ArriveAfterSubscribed()
    {
        await using FakeStreamNode node = await FakeStreamNode.StartAsync();
        await using StreamingRpcClient client = Client(node);
        await using ISubscription<AccountInfo> subscription = client.SubscribeAccountInfo(Key);
        await using IAsyncEnumerator<StreamEvent<AccountInfo>> events = subscription.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.Equal(StreamEventKind.Subscribed, await NextAsync(events));
        Assert.True(events.Current.NeedsSnapshot);
        await node.NotifyAsync("accountSubscribe", Account(5));
        Assert.Equal(StreamEventKind.Notification, await NextAsync(events));
        Assert.Equal((5UL, 77UL), (events.Current.Value!.Lamports, events.Current.Slot));
        Assert.True(client.IsConnected);
        Assert.Equal($$$"""["{{{Key}}}",{"encoding":"base64","commitment":"confirmed"}]""", node.Requests.Single(r => r.GetProperty("method").GetString() == "accountSubscribe").GetProperty("params").GetRawText());
    }

    [Fact]
    public async Task Drop_WithSeveralSubscriptions_RenewsAllAndTellsEachReader()
    {
        await using FakeStreamNode node = await FakeStreamNode.StartAsync();
        await using StreamingRpcClient client = Client(node);
        await using ISubscription<AccountInfo> account = client.SubscribeAccountInfo(Key);
        await using ISubscription<AccountKeyPair> program = client.SubscribeProgram(Key, [AccountFilter.MemCmp(40, Key)]);
        await using IAsyncEnumerator<StreamEvent<AccountInfo>> accountEvents = account.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        await using IAsyncEnumerator<StreamEvent<AccountKeyPair>> programEvents = program.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        for (int round = 0; round < 3; round++)
        {
            StreamEventKind expected = round == 0 ? StreamEventKind.Subscribed : StreamEventKind.Reconnected;
            Assert.Equal(expected, await NextAsync(accountEvents));
            Assert.Equal(expected, await NextAsync(programEvents));
            await node.NotifyAsync("programSubscribe", $$$"""{"context":{"slot":{{{round}}}},"value":{"pubkey":"{{{Key}}}","account":{{{AccountValue(9)}}}}}""");
            Assert.Equal(StreamEventKind.Notification, await NextAsync(programEvents));
            Assert.Equal((ulong)round, programEvents.Current.Slot);
            node.Drop();
        }
        Assert.True(node.Connections >= 3);
    }

    [Fact]
    public async Task Use_OtherNode_RenewsTheSubscriptionsThere()
    {
        await using FakeStreamNode old = await FakeStreamNode.StartAsync();
        await using FakeStreamNode other = await FakeStreamNode.StartAsync();
        await using StreamingRpcClient client = Client(old);
        await using ISubscription<AccountInfo> subscription = client.SubscribeAccountInfo(Key);
        await using IAsyncEnumerator<StreamEvent<AccountInfo>> events = subscription.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.Equal(StreamEventKind.Subscribed, await NextAsync(events));
        client.Use(Options(other));
        Assert.Equal(StreamEventKind.Reconnected, await NextAsync(events));
        await other.NotifyAsync("accountSubscribe", Account(5));
        Assert.Equal(StreamEventKind.Notification, await NextAsync(events));
        Assert.Equal(other.Url, client.NodeAddress);
    }

    [Fact]
    public async Task Connect_FirstNodeIsGone_TheNextStandsIn()
    {
        FakeStreamNode gone = await FakeStreamNode.StartAsync();
        StreamingRpcClientOptions options = Options(gone);
        await gone.DisposeAsync();
        await using FakeStreamNode node = await FakeStreamNode.StartAsync();
        await using var client = new StreamingRpcClient(options with { Fallbacks = [node.Url] }, NullLogger<StreamingRpcClient>.Instance);
        await using ISubscription<AccountInfo> subscription = client.SubscribeAccountInfo(Key);
        await using IAsyncEnumerator<StreamEvent<AccountInfo>> events = subscription.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);

        Assert.Equal(StreamEventKind.Subscribed, await NextAsync(events));
        Assert.Equal(node.Url, client.NodeAddress);
        node.Drop();
        Assert.Equal(StreamEventKind.Reconnected, await NextAsync(events));
        Assert.Equal(node.Url, client.NodeAddress);
    }

    [Fact]
    public async Task Subscribe_FirstNodeRefusesForGood_TheNextIsAskedAndTheSecondRefusalIsTheEnd()
    {
        await using FakeStreamNode first = await FakeStreamNode.StartAsync(), second = await FakeStreamNode.StartAsync();
        first.Refusals["accountSubscribe"] = """{"code":-32601,"message":"Method not found"}""";
        await using var client = new StreamingRpcClient(Options(first) with { Fallbacks = [second.Url] }, NullLogger<StreamingRpcClient>.Instance);
        await using (ISubscription<AccountInfo> subscription = client.SubscribeAccountInfo(Key))
        {
            await using IAsyncEnumerator<StreamEvent<AccountInfo>> events = subscription.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
            Assert.Equal(StreamEventKind.Subscribed, await NextAsync(events));
            Assert.Equal(second.Url, client.NodeAddress);
        }
        second.Refusals["accountSubscribe"] = first.Refusals["accountSubscribe"];
        await using ISubscription<AccountInfo> other = client.SubscribeAccountInfo(Key);
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (StreamEvent<AccountInfo> _ in other.ReadAllAsync(Cancelled)) Assert.Fail("No node serves it.");
        });
    }

    [Fact]
    public async Task Heartbeat_NoSlotForLong_Reconnects()
    {
        await using FakeStreamNode node = await FakeStreamNode.StartAsync();
        var time = new ManualTimeProvider();
        await using StreamingRpcClient client = Client(node, time);
        await using ISubscription<AccountInfo> subscription = client.SubscribeAccountInfo(Key);
        await using IAsyncEnumerator<StreamEvent<AccountInfo>> events = subscription.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.Equal(StreamEventKind.Subscribed, await NextAsync(events));
        time.Advance(TimeSpan.FromSeconds(14));
        await node.NotifyAsync("slotSubscribe", """{"parent":1,"root":0,"slot":2}""");
        await node.NotifyAsync("accountSubscribe", Account(1)); // arrives after the slot, so that the slot has been seen
        Assert.Equal(StreamEventKind.Notification, await NextAsync(events));
        time.Advance(TimeSpan.FromSeconds(14));
        Assert.True(client.IsConnected);
        Assert.Equal(1, node.Connections);
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => !client.IsConnected && time.ActiveTimers == 1, "the wait before the next connection");
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(StreamEventKind.Reconnected, await NextAsync(events));
        Assert.Equal(2, node.Connections);
    }

    [Fact]
    public async Task SubscribeSignature_Notification_EndsTheSubscription()
    {
        await using FakeStreamNode node = await FakeStreamNode.StartAsync();
        await using StreamingRpcClient client = Client(node);
        await using ISubscription<SignatureNotification> subscription = client.SubscribeSignature("sig");
        await using IAsyncEnumerator<StreamEvent<SignatureNotification>> events = subscription.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.Equal(StreamEventKind.Subscribed, await NextAsync(events));
        await node.NotifyAsync("signatureSubscribe", """{"context":{"slot":5},"value":{"err":{"InstructionError":[0,{"Custom":1}]}}}""");
        Assert.Equal(StreamEventKind.Notification, await NextAsync(events));
        Assert.Equal(1U, events.Current.Value!.Error!.InstructionError!.CustomError);
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task Subscribe_Refused_EndsWithTheNodesError()
    {
        await using FakeStreamNode node = await FakeStreamNode.StartAsync();
        node.Refusals["programSubscribe"] = """{"code":-32601,"message":"Method not found"}""";
        await using StreamingRpcClient client = Client(node);
        await using ISubscription<AccountKeyPair> subscription = client.SubscribeProgram(Key);
        await using IAsyncEnumerator<StreamEvent<AccountKeyPair>> events = subscription.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await events.MoveNextAsync());
        Assert.Equal(RpcException.MethodNotFound, error.Code);
    }

    [Fact]
    public async Task Dispose_OfASubscription_UnsubscribesAtTheNode()
    {
        await using FakeStreamNode node = await FakeStreamNode.StartAsync();
        await using StreamingRpcClient client = Client(node);
        ISubscription<SlotInfo> subscription = client.SubscribeSlotInfo();
        await using IAsyncEnumerator<StreamEvent<SlotInfo>> events = subscription.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.Equal(StreamEventKind.Subscribed, await NextAsync(events));
        await subscription.DisposeAsync();
        Assert.False(await events.MoveNextAsync());
        await Eventually.TrueAsync(() => node.Count("slotUnsubscribe") == 1, "the request to unsubscribe");
    }

    [Fact]
    public async Task SlowReader_TooManyNotifications_IsToldAndGetsTheNewest()
    {
        await using FakeStreamNode node = await FakeStreamNode.StartAsync();
        await using var client = new StreamingRpcClient(Options(node) with { Capacity = 2 }, NullLogger<StreamingRpcClient>.Instance, random: () => 0);
        await using ISubscription<AccountInfo> slow = client.SubscribeAccountInfo(Key);
        await using ISubscription<SignatureNotification> last = client.SubscribeSignature("sig");
        await using IAsyncEnumerator<StreamEvent<SignatureNotification>> lastEvents = last.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.Equal(StreamEventKind.Subscribed, await NextAsync(lastEvents));
        for (ulong i = 1; i <= 4; i++) await node.NotifyAsync("accountSubscribe", Account(i));
        await node.NotifyAsync("signatureSubscribe", """{"context":{"slot":5},"value":{"err":null}}""");
        Assert.Equal(StreamEventKind.Notification, await NextAsync(lastEvents)); // all before it have been read from the socket

        await using IAsyncEnumerator<StreamEvent<AccountInfo>> events = slow.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.Equal(StreamEventKind.Overflow, await NextAsync(events));
        Assert.True(events.Current.NeedsSnapshot);
        Assert.Equal(StreamEventKind.Notification, await NextAsync(events));
        Assert.Equal(3UL, events.Current.Value!.Lamports);
        Assert.Equal(StreamEventKind.Notification, await NextAsync(events));
        Assert.Equal(4UL, events.Current.Value!.Lamports);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1,2]")]
    [InlineData("""{"jsonrpc":"2.0","method":"x","params":{"subscription":1}}""")]
    public async Task Garbage_FromTheNode_IsALostConnection(string garbage)
    {
        await using FakeStreamNode node = await FakeStreamNode.StartAsync();
        await using StreamingRpcClient client = Client(node);
        await using ISubscription<AccountInfo> subscription = client.SubscribeAccountInfo(Key);
        await using IAsyncEnumerator<StreamEvent<AccountInfo>> events = subscription.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.Equal(StreamEventKind.Subscribed, await NextAsync(events));
        await node.SendAsync(garbage);
        Assert.Equal(StreamEventKind.Reconnected, await NextAsync(events));
    }

    [Fact]
    public async Task Dispose_OfTheClient_EndsItsSubscriptions()
    {
        await using FakeStreamNode node = await FakeStreamNode.StartAsync();
        StreamingRpcClient client = Client(node);
        ISubscription<AccountInfo> subscription = client.SubscribeAccountInfo(Key);
        await using IAsyncEnumerator<StreamEvent<AccountInfo>> events = subscription.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.Equal(StreamEventKind.Subscribed, await NextAsync(events));
        await client.DisposeAsync();
        Assert.False(await events.MoveNextAsync());
        Assert.Throws<ObjectDisposedException>(() => client.SubscribeSlotInfo());
    }

    [Theory]
    [InlineData("http://127.0.0.1:8899", "ws://127.0.0.1:8899/")]
    [InlineData("https://api.devnet.solana.com", "wss://api.devnet.solana.com/")]
    [InlineData("https://host/path?api-key=1", "wss://host/path?api-key=1")]
    public void Derive_FromRpcUrl_SwapsTheSchemeOnly(string rpc, string expected) => Assert.Equal(expected, StreamingEndpoint.Derive(new Uri(rpc)).AbsoluteUri);

    private static async Task<StreamEventKind> NextAsync<T>(IAsyncEnumerator<StreamEvent<T>> events)
        where T : class
    {
        Assert.True(await events.MoveNextAsync());
        return events.Current.Kind;
    }

    private static string Account(ulong lamports) => $$$"""{"context":{"slot":77},"value":{{{AccountValue(lamports)}}}}""";

    private static string AccountValue(ulong lamports) => $$"""{"data":["","base64"],"executable":false,"lamports":{{lamports}},"owner":"{{WellKnownAddresses.SystemProgram}}","rentEpoch":0,"space":0}""";

    [Fact]
    public async Task Connect_NodeSendsElsewhere_NothingGoesThere()
    {
        await using FakeStreamNode elsewhere = await FakeStreamNode.StartAsync();
        using var node = new TcpListener(IPAddress.Loopback, 0);
        node.Start();
        var options = new StreamingRpcClientOptions
        {
            Endpoint = new Uri($"ws://{node.LocalEndpoint}/"),
            BackoffBase = TimeSpan.FromMilliseconds(2),
            BackoffCap = TimeSpan.FromMilliseconds(4),
        };
        await using var client = new StreamingRpcClient(options, NullLogger<StreamingRpcClient>.Instance, random: () => 0);
        await using ISubscription<AccountInfo> subscription = client.SubscribeAccountInfo(Key);
        // It asks again and again; whoever had followed the first answer would have been there by the third.
        for (int time = 0; time < 3; time++)
        {
            using TcpClient asking = await node.AcceptTcpClientAsync(Cancelled);
            await asking.GetStream().ReadExactlyAsync(new byte[1], Cancelled);
            await asking.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 302 Found\r\nLocation: {new UriBuilder(elsewhere.Url) { Scheme = "http" }.Uri}\r\nContent-Length: 0\r\n\r\n"), Cancelled);
        }
        Assert.Equal(0, elsewhere.Connections);
        Assert.False(client.IsConnected);
    }

    private static StreamingRpcClient Client(FakeStreamNode node, TimeProvider? time = null) => new(Options(node), NullLogger<StreamingRpcClient>.Instance, time, random: () => 0);

    private static StreamingRpcClientOptions Options(FakeStreamNode node) => new() { Endpoint = node.Url, BackoffBase = TimeSpan.FromMilliseconds(2), BackoffCap = TimeSpan.FromMilliseconds(4) };
}
