using System.Net.Sockets;
using Nosana.Node.Ssh.Protocol;

namespace Nosana.Node.Ssh.Server;

/// <summary>
/// Looks whether the SSH process greets, as a client would: one that a stranger's packet keeps busy for ever is ended, and started again.
/// </summary>
internal sealed partial class SshProcessWatch(SshChild child, TimeProvider time, ILogger<SshProcessWatch> logger)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    /// <summary>By the clock of the machine: it is the process that is measured.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Connections go to its loops by turns.</summary>
    private const int Loops = 2;

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(s_interval, time, stop);
            if (child.Pid is not { } pid || await GreetsAsync(stop) || child.Pid != pid) continue;
            LogSilent(s_patience.TotalSeconds);
            child.Kill();
        }
    }

    private async Task<bool> GreetsAsync(CancellationToken stop)
    {
        for (int i = 0; i < Loops; i++)
            if (!await GreetsOnceAsync(stop)) return false;
        return true;
    }

    private async Task<bool> GreetsOnceAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(s_patience);
        try
        {
            byte[] pair = Guid.NewGuid().ToByteArray(), greeting = new byte["SSH-"u8.Length];
            await using NetworkStream session = await SshConnection.OpenAsync(child.SocketPath, SshFrame.Session, pair, limit.Token);
            await using NetworkStream wire = await SshConnection.OpenAsync(child.SocketPath, SshFrame.Wire, pair, limit.Token);
            await wire.ReadExactlyAsync(greeting, limit.Token);
            return greeting.AsSpan().SequenceEqual("SSH-"u8);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return true; // it is gone, and who started it knows
        }
    }

    [LoggerMessage(7004, LogLevel.Warning, "The SSH process has not greeted for {Seconds} s and is ended")]
    private partial void LogSilent(double seconds);
}
