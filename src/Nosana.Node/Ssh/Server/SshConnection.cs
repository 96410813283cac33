using System.Net.Sockets;
using Nosana.Node.Ssh.Protocol;
using Nosana.Node.Ssh.Shells;

namespace Nosana.Node.Ssh.Server;

/// <summary>
/// One client: its bytes go to the SSH process and back as they are; what that process asks and passes on is answered here. All of it is bounded: a buffer
/// each way, and who takes nothing gets nothing.
/// </summary>
/// <param name="client">The client's bytes.</param>
/// <param name="loggedIn">Called once, when somebody has logged in.</param>
internal sealed partial class SshConnection(
    Stream client, SshTarget target, SshOptions options, SshDoor door, ShellSeats seats, OpShells shells, Action loggedIn, TimeProvider time, ILogger logger)
    : IDisposable
{
    private const int BufferLength = 16 * 1024;

    private readonly SemaphoreSlim _sending = new(1);
    private IDisposable? _seat;
    private string? _job;
    private Task<OpShell?>? _shell;
    private Task _showing = Task.CompletedTask;
    private volatile bool _isIn;

    /// <param name="socket">Of the SSH process.</param>
    /// <param name="stop">Ends it.</param>
    public async Task ServeAsync(string socket, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(options.Grace, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        byte[] pair = Guid.NewGuid().ToByteArray();
        try
        {
            await using NetworkStream session = await OpenAsync(socket, SshFrame.Session, pair, over.Token);
            await session.WriteAsync(new SshHello(target.Job is null).ToFrame(), over.Token);
            await using NetworkStream wire = await OpenAsync(socket, SshFrame.Wire, pair, over.Token);
            Task[] ways =
            [
                PassAsync(client, wire, limit, over.Token),
                PassAsync(wire, client, null, over.Token),
                AnswerAsync(session, limit, over.Token),
            ];
            // A process that is done with the frames, and not with a fault, may still have to tell its client goodbye.
            if (await Task.WhenAny(ways) == ways[2] && ways[2].IsCompletedSuccessfully) await Task.WhenAny(ways[0], ways[1]);
            await over.CancelAsync();
            foreach (Task way in ways) await OverAsync(way);
        }
        catch (Exception e) when (IsEnd(e))
        {
            LogBroken(e.Message); // the SSH process is not there: it is started again
        }
        finally
        {
            await over.CancelAsync();
            await OverAsync(_showing);
            if (_shell is { } opening && await ShellOfAsync(opening) is { } shell) await shell.DisposeAsync();
            _seat?.Dispose();
        }
    }

    public void Dispose() => _sending.Dispose();

    /// <summary>One connection of a pair to the SSH process.</summary>
    internal static async Task<NetworkStream> OpenAsync(string path, byte kind, byte[] pair, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            await socket.SendAsync((byte[])[kind, .. pair], cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <param name="limit">Put off by each sign of life, where the bytes are the client's.</param>
    private async Task PassAsync(Stream from, Stream into, CancellationTokenSource? limit, CancellationToken cancel)
    {
        var buffer = new byte[BufferLength];
        long before = 0;
        while (await from.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            if (limit is not null && _shell is not null) limit.CancelAfter(options.Silence);
            if (limit is not null && !_isIn && (before += count) > options.MaxBytesBeforeLogin) return;
            await into.WriteAsync(buffer.AsMemory(0, count), cancel);
        }
    }

    private async Task AnswerAsync(NetworkStream session, CancellationTokenSource limit, CancellationToken cancel)
    {
        var header = new byte[SshFrame.HeaderLength];
        var payload = new byte[SshFrame.MaxPayload];
        while (await session.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancel) == header.Length)
        {
            SshFrame.TryRead(header, out SshFrameKind kind, out int length);
            Memory<byte> content = payload.AsMemory(0, length);
            await session.ReadExactlyAsync(content, cancel);
            switch (kind)
            {
                case SshFrameKind.Key when !_isIn:
                    await SendAsync(session, SshFrame.Of(SshFrameKind.Answer, [Judge(SshKeyQuestion.Read(content.Span), limit) ? (byte)1 : (byte)0]), cancel);
                    break;
                case SshFrameKind.Shell when _isIn && _shell is null:
                    _shell = OpenShellAsync(session, SshShellRequest.Read(content.Span), cancel);
                    limit.CancelAfter(options.Silence);
                    _showing = ShowAsync(session, _shell, cancel);
                    break;
                case SshFrameKind.Input when _shell is not null:
                    if (await _shell is { } typing) await typing.WriteAsync(content, cancel);
                    break;
                case SshFrameKind.Size when _shell is not null:
                    if (await _shell is { } shell) await shell.ResizeAsync(SshTerminalSize.Read(content.Span), cancel);
                    break;
                default:
                    throw new InvalidDataException($"The SSH process said {kind} when it may not.");
            }
        }
    }

    private bool Judge(SshKeyQuestion question, CancellationTokenSource limit)
    {
        if (door.JobFor(target, question) is not { } job) return false;
        if (!question.IsSigned) return true;
        _seat = seats.TryTake(job);
        if (_seat is null)
        {
            LogFull(job);
            return false;
        }
        (_job, _isIn) = (job, true);
        limit.CancelAfter(options.Grace); // now for a shell
        loggedIn();
        LogIn(job, FingerprintOf(question.Identity));
        return true;
    }

    private async Task<OpShell?> OpenShellAsync(NetworkStream session, SshShellRequest request, CancellationToken cancel)
    {
        try
        {
            return await shells.OpenAsync(_job!, door.OpFor(target, _job!, request.Command), request.Size, request.Terminal, cancel);
        }
        catch (ShellException e)
        {
            await SendAsync(session, SshFrame.Of(SshFrameKind.Output, System.Text.Encoding.UTF8.GetBytes($"nosana-node: {e.Message}\r\n")), cancel);
            return null;
        }
    }

    private async Task ShowAsync(NetworkStream session, Task<OpShell?> opening, CancellationToken cancel)
    {
        int? code = 1;
        if (await opening is { } shell)
        {
            var frame = new byte[SshFrame.HeaderLength + SshFrame.MaxPayload];
            while (await shell.ReadAsync(frame.AsMemory(SshFrame.HeaderLength), cancel) is > 0 and var count)
            {
                SshFrame.WriteHeader(frame, SshFrameKind.Output, count);
                await SendAsync(session, frame.AsMemory(0, SshFrame.HeaderLength + count), cancel);
            }
            code = await shell.ExitCodeAsync(cancel);
        }
        await SendAsync(session, SshFrame.Of(SshFrameKind.Exit, BitConverter.GetBytes(code ?? 255)), cancel);
    }

    private async Task SendAsync(NetworkStream session, ReadOnlyMemory<byte> frame, CancellationToken cancel)
    {
        await _sending.WaitAsync(cancel);
        try
        {
            await session.WriteAsync(frame, cancel);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task OverAsync(Task way)
    {
        try
        {
            await way;
        }
        catch (Exception e) when (IsEnd(e))
        {
            // one side let go, or its time is over
        }
        catch (InvalidDataException e)
        {
            LogOdd(e.Message);
        }
    }

    private static async Task<OpShell?> ShellOfAsync(Task<OpShell?> opening)
    {
        try
        {
            return await opening;
        }
        catch (Exception e) when (IsEnd(e))
        {
            return null; // it was not opened
        }
    }

    private static bool IsEnd(Exception e) => e is IOException or SocketException or OperationCanceledException or ObjectDisposedException;

    /// <summary>As <c>ssh-keygen -l</c> shows it.</summary>
    private static string FingerprintOf(string identity) =>
        "SHA256:" + Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Convert.FromBase64String(identity.Split(' ')[1]))).TrimEnd('=');

    [LoggerMessage(7010, LogLevel.Information, "Somebody logged in to job {Job} by SSH, with key {Key}")]
    private partial void LogIn(string job, string key);

    [LoggerMessage(7011, LogLevel.Warning, "No more SSH sessions: job {Job}, or this host, has all that it may have")]
    private partial void LogFull(string job);

    [LoggerMessage(7012, LogLevel.Debug, "An SSH connection broke: {Problem}")]
    private partial void LogBroken(string problem);

    [LoggerMessage(7013, LogLevel.Warning, "An SSH connection was ended: {Problem}")]
    private partial void LogOdd(string problem);
}
