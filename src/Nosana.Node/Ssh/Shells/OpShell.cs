using System.Globalization;
using Nosana.Docker;
using Nosana.Node.Ssh.Protocol;

namespace Nosana.Node.Ssh.Shells;

/// <summary>A shell in an operation's container. Disposing it hangs it up, as a lost line does: the engine by itself would leave it running.</summary>
/// <param name="shell">Its program.</param>
/// <param name="pid">Its number in its container; null when it did not start.</param>
/// <param name="shown">What it had shown when it was opened.</param>
internal sealed partial class OpShell(
    IEngineClient engine, string container, string exec, string shell, Stream stream, int? pid, byte[] shown, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    /// <summary>What the engine gets to hang a shell up.</summary>
    private static readonly TimeSpan s_longestEnd = TimeSpan.FromSeconds(10);

    private int _shownBefore;

    /// <summary>What the terminal shows next.</summary>
    /// <returns>0 at its end.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        if (_shownBefore < shown.Length)
        {
            int count = Math.Min(buffer.Length, shown.Length - _shownBefore);
            shown.AsSpan(_shownBefore, count).CopyTo(buffer.Span);
            _shownBefore += count;
            return count;
        }
        try
        {
            return await stream.ReadAsync(buffer, cancel);
        }
        catch (IOException)
        {
            return 0; // the container ended, or the engine did
        }
    }

    /// <summary>Types.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> typed, CancellationToken cancel)
    {
        try
        {
            await stream.WriteAsync(typed, cancel);
        }
        catch (IOException)
        {
            // it has ended; who reads finds that out
        }
    }

    public async Task ResizeAsync(SshTerminalSize size, CancellationToken cancel)
    {
        try
        {
            await engine.ResizeTerminalAsync(exec, size.Columns, size.Rows, cancel);
        }
        catch (DockerException)
        {
            // a shell that has ended has no size
        }
    }

    /// <summary>Once nothing more is shown.</summary>
    /// <returns>Null when nobody knows it: its container is gone.</returns>
    public async Task<int?> ExitCodeAsync(CancellationToken cancel)
    {
        try
        {
            return (await engine.InspectTerminalAsync(exec, cancel)).ExitCode;
        }
        catch (DockerException)
        {
            return null; // with its container, which somebody removed
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        if (pid is not { } number) return;
        using var limit = new CancellationTokenSource(s_longestEnd, time);
        try
        {
            if (!(await engine.InspectTerminalAsync(exec, limit.Token)).IsRunning) return;
            string hangUp = string.Create(CultureInfo.InvariantCulture, $"kill -HUP {number}");
            string other = await engine.CreateTerminalAsync(container, new TerminalSpec([shell, "-c", hangUp], []), limit.Token);
            await using Stream end = await engine.StartTerminalAsync(other, limit.Token);
            await end.CopyToAsync(Stream.Null, limit.Token);
        }
        catch (Exception e) when (e is DockerException or IOException or OperationCanceledException)
        {
            LogLeft(logger, e.Message); // it ends with its container at the latest
        }
    }

    [LoggerMessage(7022, LogLevel.Debug, "A shell was not hung up: {Problem}")]
    private static partial void LogLeft(ILogger logger, string problem);
}
