using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Nosana.Node.Tests.Api;
using Nosana.Node.Tests.Support;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Ssh;

public sealed class TerminalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Terminal_OfTheOwner_ShowsItsShellAndItsEnd()
    {
        await using ApiBench api = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(api, JobBench.Op("a"));
        using ClientWebSocket socket = await api.ConnectAsync(Frame(api, more: body => (body["cols"], body["rows"]) = (100, 30)));
        string shown = await UntilAsync(socket, "$ ");
        Assert.StartsWith("job ", shown, StringComparison.Ordinal);
        await TypeAsync(socket, new JsonObject { ["type"] = "stdin", ["data"] = "size\n" });
        Assert.Contains("100x30", await UntilAsync(socket, "$ "), StringComparison.Ordinal);
        await TypeAsync(socket, new JsonObject { ["type"] = "resize", ["cols"] = 60, ["rows"] = 20 });
        await TypeAsync(socket, new JsonObject { ["type"] = "stdin", ["data"] = "size\n" });
        Assert.Contains("60x20", await UntilAsync(socket, "$ "), StringComparison.Ordinal);
        await TypeAsync(socket, new JsonObject { ["type"] = "stdin", ["data"] = "exit 6\n" });
        Assert.Contains("""{"type":"exit","code":6}""", await UntilAsync(socket, "\"code\""), StringComparison.Ordinal);
        Assert.Equal(1000, (await ApiBench.ClosedAsync(socket)).Code);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Terminal_WhenTheBrowserIsGone_ItsShellIsHungUp()
    {
        await using ApiBench api = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(api, JobBench.Op("a"));
        using (ClientWebSocket socket = await api.ConnectAsync(Frame(api)))
        {
            await UntilAsync(socket, "$ ");
            socket.Abort();
        }
        await api.Jobs.Engine.Terminals[0].Ended.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "Authorization v1", "Authorization v2", "Unauthorized Request: Invalid terminal authorization." },
        { "job: ", "job: x", "Unauthorized Request: The authorization is for another job." },
        { "node: ", "node: x", "Unauthorized Request: The authorization is for another node." },
        { "00:04:00", "00:06:00", "Unauthorized Request: Authorization has expired." },
        { "2026-01-01T00:04", "2025-12-31T23:59", "Unauthorized Request: Authorization has expired." },
        { "op: a", "op: b", "Unauthorized Request: The authorization is for another operation." },
        { "network: localnet", "network: devnet", "Unauthorized Request: The authorization is for another network." },
        { "nosana-web-terminal", "nosana-ssh-gateway", "Unauthorized Request: The authorization is for something else." },
        { "op: a", "op: a\nop: a", "Unauthorized Request: Invalid terminal authorization." },
    };

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Wrong))]
    public async Task Terminal_SignedForSomethingElse_IsClosed(string part, string instead, string reason)
    {
        await using ApiBench api = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(api, JobBench.Op("a"));
        string text = Text(api);
        Assert.Contains(part, text, StringComparison.Ordinal);
        string other = text.Replace(part, instead, StringComparison.Ordinal);
        using ClientWebSocket signed = await api.ConnectAsync(Frame(api, other));
        Assert.Equal((4001, reason), await ApiBench.ClosedAsync(signed));
        using ClientWebSocket changed = await api.ConnectAsync(Frame(api, text, sent: other));
        Assert.Equal((4001, "Unauthorized Request: Invalid signature."), await ApiBench.ClosedAsync(changed));
        Assert.Empty(api.Jobs.Engine.Terminals);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Terminal_OfAStrangerOrOfNobody_IsClosed()
    {
        await using ApiBench api = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(api, JobBench.Op("a"));
        using var stranger = new Account();
        using ClientWebSocket other = await api.ConnectAsync(Frame(api, by: stranger));
        Assert.Equal(4001, (await ApiBench.ClosedAsync(other)).Code);
        using ClientWebSocket nobody = await api.ConnectAsync(api.Frame("/terminal")); // the header of other paths is none here
        Assert.Equal((4001, "Unauthorized Request"), await ApiBench.ClosedAsync(nobody));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Terminal_OfAJobThatDoesNotRun_IsClosed()
    {
        await using ApiBench api = await ApiBench.StartAsync();
        using ClientWebSocket socket = await api.ConnectAsync(Frame(api));
        Assert.Equal((1008, "Invalid job address"), await ApiBench.ClosedAsync(socket));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Terminal_ImageWithoutAShell_SaysSo()
    {
        await using ApiBench api = await ApiBench.StartAsync();
        await using RunningJob job = await RunningJob.StartAsync(api, JobBench.Op("a"));
        api.Jobs.Engine.Shells.Clear();
        using ClientWebSocket socket = await api.ConnectAsync(Frame(api));
        Assert.Contains("""{"type":"error","message":"The image of operation 'a' has neither /bin/bash nor /bin/sh."}""", await UntilAsync(socket, "\"error\""), StringComparison.Ordinal);
    }

    private static string Text(ApiBench api) =>
        $"Nosana Terminal Authorization v1\n\njob: {api.JobAddress}\nnode: {api.Host.PublicKey}\nexpiresAt: 2026-01-01T00:04:00.000Z\nop: a\nnetwork: localnet\n"
        + "audience: nosana-web-terminal";

    private static string Frame(ApiBench api, string? text = null, Account? by = null, string? sent = null, Action<JsonObject>? more = null)
    {
        text ??= Text(api);
        var body = new JsonObject
        {
            ["jobAddress"] = api.JobAddress,
            ["message"] = sent ?? text,
            ["signature"] = Convert.ToBase64String((by ?? api.Owner).Sign(Encoding.UTF8.GetBytes(text))),
            ["op"] = "a",
        };
        more?.Invoke(body);
        return new JsonObject { ["path"] = "/terminal", ["body"] = body }.ToJsonString();
    }

    private static async Task TypeAsync(ClientWebSocket socket, JsonObject frame) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(frame.ToJsonString()), WebSocketMessageType.Text, true, Cancel);

    private static async Task<string> UntilAsync(ClientWebSocket socket, string end)
    {
        var text = new StringBuilder();
        while (!text.ToString().Contains(end, StringComparison.Ordinal) && await ApiBench.ReceiveAsync(socket) is { } message) text.Append(message);
        Assert.True(socket.State == WebSocketState.Open, $"It was closed with {socket.CloseStatus} {socket.CloseStatusDescription} after: {text}");
        return text.ToString();
    }
}
