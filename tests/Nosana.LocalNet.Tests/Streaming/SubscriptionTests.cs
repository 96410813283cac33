using System.Text.Json;
using Nosana.LocalNet.Runtime;
using Nosana.LocalNet.Tests.Support;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;
using SimpleBase;

namespace Nosana.LocalNet.Tests.Streaming;

public sealed class SubscriptionTests
{
    private static readonly PublicKey Watched = TestBank.Key(80);
    private static readonly PublicKey Program = TestBank.Key(81);

    private static AccountState State(params byte[] data) => new(Rent.MinimumBalance(data.Length), Program, data);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AccountSubscribe_ChangedAndClosed_TellsBoth(bool nextPort)
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using TestSocket socket = await TestSocket.ConnectAsync(nextPort ? network.Server.NextPortWsUri : network.Server.WsUri);
        ulong id = await socket.SubscribeAsync("accountSubscribe", $"[\"{Watched}\",{{\"encoding\":\"base64\",\"commitment\":\"confirmed\"}}]");

        network.Server.Bank.SetAccount(Watched, State(1, 2, 3));
        network.Server.Bank.SetAccount(Watched, AccountState.Empty);

        (string method, JsonElement changed) = await socket.NotificationAsync();
        Assert.Equal(("accountNotification", id), (method, changed.GetProperty("subscription").GetUInt64()));
        Assert.Equal("AQID", changed.GetProperty("result").GetProperty("value").GetProperty("data")[0].GetString());
        JsonElement closed = (await socket.NotificationAsync()).Params.GetProperty("result").GetProperty("value");
        Assert.Equal(0UL, closed.GetProperty("lamports").GetUInt64());
        Assert.Equal(WellKnownAddresses.SystemProgram.Key, closed.GetProperty("owner").GetString());
        Assert.Equal("", closed.GetProperty("data")[0].GetString());
    }

    [Fact]
    public async Task ProgramSubscribe_Filter_TellsMatchesOnlyAndNoClosing()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using TestSocket socket = await TestSocket.ConnectAsync(network.Server.WsUri);
        string filter = $"{{\"memcmp\":{{\"offset\":1,\"bytes\":\"{Base58.Bitcoin.Encode([2])}\"}}}}";
        await socket.SubscribeAsync("programSubscribe", $"[\"{Program}\",{{\"encoding\":\"base64\",\"filters\":[{filter}]}}]");

        network.Server.Bank.SetAccount(TestBank.Key(90), State(1, 1));
        network.Server.Bank.SetAccount(TestBank.Key(91), State(1, 2));
        network.Server.Bank.SetAccount(TestBank.Key(91), AccountState.Empty);
        network.Server.Bank.SetAccount(TestBank.Key(92), State(3, 2));

        Assert.Equal(TestBank.Key(91).Key, (await socket.NotificationAsync()).Params.GetProperty("result").GetProperty("value").GetProperty("pubkey").GetString());
        Assert.Equal(TestBank.Key(92).Key, (await socket.NotificationAsync()).Params.GetProperty("result").GetProperty("value").GetProperty("pubkey").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SignatureSubscribe_BeforeOrAfterLanding_TellsOnce(bool before)
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using TestSocket socket = await TestSocket.ConnectAsync(network.Server.WsUri);
        Account poster = network.Server.Keys.Poster;
        byte[] bytes = network.Sign([SystemProgram.Transfer(poster.PublicKey, Watched, 10_000_000)], poster);
        string signature = Base58.Bitcoin.Encode(bytes.AsSpan(1, 64));
        ulong id = 0;

        if (before) id = await socket.SubscribeAsync("signatureSubscribe", $"[\"{signature}\",{{\"commitment\":\"confirmed\"}}]");
        await network.CallAsync("sendTransaction", TestNetwork.SendParameters(bytes));
        if (!before) id = await socket.SubscribeAsync("signatureSubscribe", $"[\"{signature}\"]");

        (string method, JsonElement told) = await socket.NotificationAsync();
        Assert.Equal(("signatureNotification", id), (method, told.GetProperty("subscription").GetUInt64()));
        Assert.Equal("""{"err":null}""", told.GetProperty("result").GetProperty("value").GetRawText());
        Assert.Equal(0, network.Server.Hub.Count);
    }

    [Fact]
    public async Task SlotSubscribe_TimePasses_TellsEachSlot()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using TestSocket socket = await TestSocket.ConnectAsync(network.Server.WsUri);
        await socket.SubscribeAsync("slotSubscribe", "[]");
        ulong slot = network.Server.Bank.Clock.Slot;

        network.Time.Advance(TimeSpan.FromMilliseconds(800));

        Assert.Equal(slot + 1, (await socket.NotificationAsync()).Params.GetProperty("result").GetProperty("slot").GetUInt64());
        JsonElement second = (await socket.NotificationAsync()).Params.GetProperty("result");
        Assert.Equal((slot + 2, slot + 1), (second.GetProperty("slot").GetUInt64(), second.GetProperty("parent").GetUInt64()));
    }

    [Fact]
    public async Task Unsubscribe_Known_EndsIt_UnknownIsRefused()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using TestSocket socket = await TestSocket.ConnectAsync(network.Server.WsUri);
        ulong id = await socket.SubscribeAsync("rootSubscribe", "[]");

        Assert.True((await socket.AnswerAsync("rootUnsubscribe", $"[{id}]")).GetProperty("result").GetBoolean());
        Assert.Equal("Invalid subscription id.", (await socket.AnswerAsync("rootUnsubscribe", $"[{id}]")).GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(0, network.Server.Hub.Count);
    }

    [Fact]
    public async Task Ping_Notification_GetsNoAnswer()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using TestSocket socket = await TestSocket.ConnectAsync(network.Server.NextPortWsUri);
        await socket.SendAsync("""{"jsonrpc":"2.0","method":"ping","params":null}""");
        Assert.Equal(1UL, await socket.SubscribeAsync("slotSubscribe", "[]"));
    }

    [Fact]
    public async Task CloseSockets_OpenConnection_IsCutOffAndForgotten()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using TestSocket socket = await TestSocket.ConnectAsync(network.Server.WsUri);
        await socket.SubscribeAsync("slotSubscribe", "[]");

        network.Server.Faults.CloseSockets();

        Assert.True(await socket.IsCutOffAsync());
    }

    [Fact]
    public async Task DropNotifications_ThenNot_TellsOnlyWhatCameAfter()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using TestSocket socket = await TestSocket.ConnectAsync(network.Server.WsUri);
        await socket.SubscribeAsync("accountSubscribe", $"[\"{Watched}\",{{\"encoding\":\"base64\"}}]");

        network.Server.Faults.DropNotifications = true;
        network.Server.Bank.SetAccount(Watched, State(1));
        network.Server.Faults.DropNotifications = false;
        network.Server.Faults.DuplicateNotifications = true;
        network.Server.Bank.SetAccount(Watched, State(2));

        for (int i = 0; i < 2; i++)
            Assert.Equal("Ag==", (await socket.NotificationAsync()).Params.GetProperty("result").GetProperty("value").GetProperty("data")[0].GetString());
    }
}
