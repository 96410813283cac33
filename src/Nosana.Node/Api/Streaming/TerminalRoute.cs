using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.Node.Api.Authorization;
using Nosana.Node.Chain;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Ssh;
using Nosana.Node.Ssh.Authorizations;
using Nosana.Node.Ssh.Protocol;
using Nosana.Node.Ssh.Shells;
using Nosana.Solana.Rpc;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Api.Streaming;

/// <summary>
/// A terminal in a browser: the shell that SSH opens, over a WebSocket. The owner signs a text for it, in the first frame. From then on the socket is the
/// terminal's: what is typed comes as JSON, what is shown goes as it is.
/// </summary>
internal sealed class TerminalRoute(
    RunningJobs jobs, OpShells shells, ShellSeats seats, SshOptions ssh, JobOwners owners, HostWallet host, TimeProvider time) : ISocketRoute
{
    private const int MaxMessage = 64 << 10, BufferLength = 16 << 10;

    private static readonly SshTerminalSize s_size = new(80, 24);

    /// <summary>What a client gets to close its side.</summary>
    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(5);

    public string Path => "/terminal";

    public async Task ServeAsync(ApiSocket socket, SocketFrame frame, CancellationToken cancel)
    {
        if (!ssh.IsOn) throw new SocketRefusedException(SocketRefusedException.PolicyViolation, "This host has no terminals.");
        if (frame.Job is not { Length: > 0 } job)
            throw new SocketRefusedException(SocketRefusedException.PolicyViolation, "Expected body to contain jobAddress.");
        if (!jobs.TryFind(job, out _)) throw new SocketRefusedException(SocketRefusedException.PolicyViolation, "Invalid job address");
        string? op = await AuthorizeAsync(job, frame, cancel);
        using IDisposable seat = seats.TryTake(job)
            ?? throw new SocketRefusedException(SocketRefusedException.TryAgainLater, "The job, or this host, has all the terminals that it may have.");
        // Clients give up when nothing comes for ten seconds, and an engine may take longer.
        await socket.SendBinaryAsync(Encoding.UTF8.GetBytes($"job {job}\r\n"), cancel);
        try
        {
            int index = shells.Find(job, op) ?? throw new ShellException($"The job has no operation '{op}'.");
            await using OpShell shell = await shells.OpenAsync(job, index, SizeOf(frame.Body) ?? s_size, "xterm-256color", cancel);
            await RunAsync(socket, shell, cancel);
        }
        catch (ShellException e)
        {
            await socket.SendTextAsync(BytesOf(new JsonObject { ["type"] = "error", ["message"] = e.Message }), cancel);
        }
    }

    /// <returns>The operation that is meant, or null.</returns>
    private async Task<string?> AuthorizeAsync(string job, SocketFrame frame, CancellationToken cancel)
    {
        if (TextOf(frame.Body, "message") is not { } message || TextOf(frame.Body, "signature") is not { } signature) throw Unauthorized(null);
        JobOwner? owner;
        try
        {
            owner = await owners.FindAsync(new PublicKey(job), cancel);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            throw new SocketRefusedException(SocketRefusedException.TryAgainLater, Authorized.Unknown.Text);
        }
        if (owner is null) throw Unauthorized(null);
        var expected = new SigningContext(owner.Project, job, host.Address.Key, ssh.Networks, time.GetUtcNow());
        if (TerminalAuthorization.FaultOf(message, signature, expected, out string? granted) is { } fault) throw Unauthorized(fault);
        string? asked = TextOf(frame.Body, "op");
        if (granted is not null && asked is not null && granted != asked) throw Unauthorized("The authorization is for another operation.");
        return asked ?? granted;
    }

    private static async Task RunAsync(ApiSocket socket, OpShell shell, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task typing = TypeAsync(socket, shell, over.Token);
        Task showing = ShowAsync(socket, shell, over.Token);
        Task first = await Task.WhenAny(typing, showing);
        // A shell that has ended: to stop listening would break the socket off before the client has read how it ended.
        if (first == showing && showing.IsCompletedSuccessfully)
        {
            await socket.CloseOutputAsync(over.Token);
            over.CancelAfter(s_goodbye);
            await typing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await over.CancelAsync();
        await Task.WhenAll(typing, showing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first; // the other one was only told to end
    }

    private static async Task ShowAsync(ApiSocket socket, OpShell shell, CancellationToken cancel)
    {
        var buffer = new byte[BufferLength];
        while (await shell.ReadAsync(buffer, cancel) is > 0 and var count) await socket.SendBinaryAsync(buffer.AsMemory(0, count), cancel);
        await socket.SendTextAsync(BytesOf(new JsonObject { ["type"] = "exit", ["code"] = await shell.ExitCodeAsync(cancel) }), cancel);
    }

    private static async Task TypeAsync(ApiSocket socket, OpShell shell, CancellationToken cancel)
    {
        while (await socket.ReceiveAsync(MaxMessage, cancel) is { } message)
        {
            if (!message.IsText) continue;
            using JsonDocument document = JsonDocument.Parse(message.Bytes, new JsonDocumentOptions { MaxDepth = 8 });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new JsonException("A frame is an object.");
            switch (TextOf(root, "type"))
            {
                case "stdin" when TextOf(root, "data") is { } data:
                    await shell.WriteAsync(Encoding.UTF8.GetBytes(data), cancel);
                    break;
                case "resize" when SizeOf(root) is { } size:
                    await shell.ResizeAsync(size, cancel);
                    break;
            }
        }
    }

    private static SshTerminalSize? SizeOf(JsonElement body) =>
        NumberOf(body, "cols") is { } columns && NumberOf(body, "rows") is { } rows ? SshTerminalSize.Of(columns, rows) : null;

    private static int? NumberOf(JsonElement body, string name) =>
        body.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;

    private static string? TextOf(JsonElement body, string name)
    {
        try
        {
            return body.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a character, which is no text
        }
    }

    private static byte[] BytesOf(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString(ResultJson.ForNodes.Options));

    private static SocketRefusedException Unauthorized(string? fault) =>
        new(SocketRefusedException.Unauthorized, fault is null ? AuthorizationFault.Unauthorized : AuthorizationFault.Of(fault));
}
