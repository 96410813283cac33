using Microsoft.Extensions.Logging;
using Nosana.Docker;

namespace Nosana.Node.Logs;

/// <summary>Opens a container's output, every frame with its time.</summary>
/// <param name="since">First moment, inclusive, in the engine's form; null is the beginning.</param>
/// <param name="cancellationToken">Ends the opening.</param>
/// <returns>The output, followed until the container ends; null when there is no such container any more.</returns>
internal delegate Task<MultiplexedStream?> OpenLogStream(string? since, CancellationToken cancellationToken);

/// <summary>
/// Brings a container's output into its <see cref="OpLog"/>, once and whole: when the connection breaks, the engine restarts or this process
/// does, it attaches again from the newest stored line and skips what is stored.
/// </summary>
internal sealed partial class LogCapture(OpLog log, OpenLogStream open, ILogger<LogCapture> logger, TimeProvider? time = null)
{
    /// <summary>
    /// How far before the newest stored line an attachment begins. Engines stamp the lines of stdout and stderr each on its own and write
    /// them afterwards, so that a line may stand behind one that is younger.
    /// </summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    /// <summary>A container is known to have ended a moment after its output has; within this time no new attachment is made for that.</summary>
    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100), LongestWait = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private TimeSpan _wait = FirstWait;
    private LogOverlap? _overlap;
    private int _attachments;

    private enum Ending
    {
        Whole,
        Broken,
        NoContainer,
    }

    /// <summary>Captures until the container has ended and all that it printed is stored.</summary>
    /// <param name="exited">Ends when the container has, whatever its outcome.</param>
    /// <param name="mayRestart">The engine may start the container again after its end, so that an end of the output need not be the last.</param>
    /// <param name="cancellationToken">Leaves the container to itself; a later capture goes on where this one stopped.</param>
    /// <returns>Attachments that were made.</returns>
    public async Task<int> RunAsync(Task exited, bool mayRestart = false, CancellationToken cancellationToken = default)
    {
        var assembler = new LogLineAssembler(log.Options.MaxLineBytes, _time, Store);
        try
        {
            while (true)
            {
                bool over = exited.IsCompleted;
                Ending ending = await AttachAsync(assembler, cancellationToken);
                if (ending == Ending.NoContainer)
                {
                    log.AppendNodeError("The container is gone; what it printed after this point, if anything, is lost.");
                    return _attachments;
                }
                if (ending == Ending.Whole && (over || (await EndsSoonAsync(exited, cancellationToken) && !mayRestart)))
                {
                    assembler.Finish();
                    return _attachments;
                }
                assembler.Reset();
                // After a clean end of the output there is one more look at once, when the container has ended too.
                if (ending == Ending.Broken || !exited.IsCompleted) await BackOffAsync(exited, cancellationToken);
            }
        }
        finally
        {
            log.Flush();
        }
    }

    private void Store(LogStream stream, long timestamp, ReadOnlySpan<byte> text, bool continues) =>
        _overlap!.Entry(stream, timestamp, text, continues);

    private async Task<Ending> AttachAsync(LogLineAssembler assembler, CancellationToken cancellationToken)
    {
        LogPosition? stdout = log.LastOf(LogStream.Stdout), stderr = log.LastOf(LogStream.Stderr);
        long? newest = stdout is null && stderr is null
            ? null
            : Math.Max(stdout?.TimestampNanoseconds ?? 0, stderr?.TimestampNanoseconds ?? 0) - ((long)Overlap.TotalMilliseconds * 1_000_000);
        _overlap = new LogOverlap(stdout, stderr, newest ?? 0, log.Append, Gap);
        try
        {
            await using MultiplexedStream? stream = await open(newest is { } since ? new DockerTimestamp(since).ToEngineString() : null, cancellationToken);
            if (stream is null) return Ending.NoContainer;
            _attachments++;
            await PumpAsync(stream, assembler, cancellationToken);
            return Ending.Whole;
        }
        catch (DockerException exception)
        {
            LogBroken(logger, log.Job, log.Op, exception.Message);
            return Ending.Broken;
        }
    }

    private async Task PumpAsync(MultiplexedStream stream, LogLineAssembler assembler, CancellationToken cancellationToken)
    {
        byte[] pieces = [];
        int held = 0;
        while (true)
        {
            ValueTask<LogFrame> reading = stream.ReadFrameAsync(cancellationToken);
            // Nothing more is here for now: what came is brought to disk while there is time.
            if (!reading.IsCompleted) log.Flush();
            LogFrame frame = await reading;
            if (frame.IsEndOfStream) return;
            _wait = FirstWait;
            LogStream target = frame.Target == MultiplexedStream.TargetStream.StandardError ? LogStream.Stderr : LogStream.Stdout;
            if (held == 0 && frame is { IsStart: true, IsEnd: true })
            {
                assembler.Frame(target, frame.Data.Span);
                continue;
            }
            // Longer than the reader's buffer, which no engine's own frames are.
            if (held + frame.Data.Length > pieces.Length) Array.Resize(ref pieces, Math.Max(pieces.Length * 2, held + frame.Data.Length));
            frame.Data.Span.CopyTo(pieces.AsSpan(held));
            held += frame.Data.Length;
            if (!frame.IsEnd) continue;
            assembler.Frame(target, pieces.AsSpan(0, held));
            held = 0;
        }
    }

    private void Gap()
    {
        LogGap(logger, log.Job, log.Op);
        log.AppendNodeError("Lines may be missing here: the engine had dropped the newest line that was stored before the output was attached again.");
    }

    private async Task<bool> EndsSoonAsync(Task exited, CancellationToken cancellationToken)
    {
        if (!exited.IsCompleted) await Task.WhenAny(exited, Task.Delay(ExitGrace, _time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return exited.IsCompleted;
    }

    private async Task BackOffAsync(Task exited, CancellationToken cancellationToken)
    {
        TimeSpan wait = _wait;
        _wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        Task delay = Task.Delay(wait, _time, cancellationToken);
        await (exited.IsCompleted ? delay : Task.WhenAny(exited, delay));
        cancellationToken.ThrowIfCancellationRequested();
    }

    [LoggerMessage(3101, LogLevel.Warning, "The output of job {Job} operation {Op} broke off and is attached again: {Problem}")]
    private static partial void LogBroken(ILogger logger, string job, string op, string problem);

    [LoggerMessage(3102, LogLevel.Warning, "The output of job {Job} operation {Op} may have a gap: the engine's own log was shorter than the time without attachment")]
    private static partial void LogGap(ILogger logger, string job, string op);
}
