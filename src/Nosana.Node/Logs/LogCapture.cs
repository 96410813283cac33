using Nosana.Docker;
using Nosana.Node.Retries;

namespace Nosana.Node.Logs;

/// <summary>
/// Brings a container's output into its <see cref="OpLog"/>, once and whole: when the connection breaks, the engine restarts or this process
/// does, it attaches again from the newest stored line and skips what is stored.
/// <para>
/// Docker 20.10 follows badly past the end of a log file: when the container's log is rotated, a follower misses lines, gets some twice, or
/// none any more (seen with output of any speed; reading without following is exact). So an attachment is followed only while the engine's first
/// file cannot be full; beyond that the output is read again and again from the newest stored line. And since a follower may end before the last
/// lines, the end of the output is read once more without following when the container has ended.
/// </para>
/// </summary>
/// <param name="log">Takes the output.</param>
/// <param name="open">Opens the output.</param>
/// <param name="followedBytes">
/// Up to how many bytes it is followed: the size at which the engine begins another file of the container's log; 0 where it is not to be followed at
/// all.
/// </param>
/// <param name="logger">Told of attachments that break.</param>
/// <param name="time">Clock of the waits.</param>
/// <param name="isNewContainer">Nothing of this container can be stored yet: what is stored came from an earlier one of the same operation.</param>
internal sealed partial class LogCapture(OpLog log, OpenLogStream open, long followedBytes, ILogger<LogCapture> logger, TimeProvider? time = null,
    bool isNewContainer = false)
{
    /// <summary>Frames of the last look: what a follower misses at the end is few, and a look at all of the overlap would cost more.</summary>
    private const int LastLook = 1000;

    /// <summary>A new reading begins this long after the last one ended, and at least as long after as that one took.</summary>
    private static readonly TimeSpan BetweenReadings = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How far before the newest stored line an attachment begins. Engines stamp the lines of stdout and stderr each on its own and write
    /// them afterwards, so that a line may stand behind one that is younger.
    /// </summary>
    private const long OverlapNanoseconds = 10_000_000_000;

    /// <summary>A container is known to have ended a moment after its output has; within this time no new attachment is made for that.</summary>
    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the end of an ended container's output is asked for while attachments break and bring nothing: a job must not wait for it for ever.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long the end of an ended container's output is waited for while nothing at all is said: the official host's limit for all of it. An
    /// attachment that is silent for so long is made once more, and then the rest is given up.
    /// </summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly EngineLogSize _size = EngineLogSize.AtMost(log.Totals);
    private readonly LogPosition? _othersStdout = isNewContainer ? log.LastOf(LogStream.Stdout) : null;
    private readonly LogPosition? _othersStderr = isNewContainer ? log.LastOf(LogStream.Stderr) : null;
    private int _breaks;
    private LogOverlap? _overlap;
    private int _attachments;
    private long? _stuckSince;
    private int _silences;

    private enum Ending
    {
        Whole,
        MayRotate,
        TooShort,
        Broken,
        Silent,
        NoContainer,
    }

    /// <summary>Captures until the container has ended and all that it printed is stored.</summary>
    /// <param name="exited">Ends when the container has, whatever its outcome.</param>
    /// <param name="cancellationToken">Leaves the container to itself; a later capture goes on where this one stopped.</param>
    /// <returns>Attachments that were made.</returns>
    public async Task<int> RunAsync(Task exited, CancellationToken cancellationToken = default)
    {
        var assembler = new LogLineAssembler(log.Options.MaxLineBytes, _time, Store);
        bool over = false, followed = false;
        try
        {
            while (true)
            {
                if (!over && exited.IsCompleted)
                {
                    over = true;
                    GotOn(); // the engine may have been away long before, and gets its time now
                }
                bool follow = !over && _size.Bytes < followedBytes;
                int? tail = over && followed ? LastLook : null;
                followed = false;
                long began = _time.GetTimestamp();
                Ending ending = await AttachAsync(assembler, follow, tail, exited, cancellationToken);
                if (ending == Ending.NoContainer)
                {
                    log.AppendNodeError("The container is gone; what it printed after this point, if anything, is lost.");
                    return _attachments;
                }
                if (ending == Ending.Whole && over)
                {
                    assembler.Finish();
                    return _attachments;
                }
                assembler.Reset();
                log.Flush();
                if (ending == Ending.Broken && over && _time.GetElapsedTime(_stuckSince!.Value) >= Patience)
                {
                    log.AppendNodeError("The engine does not answer any more, or breaks off each time; what the container printed after this point, "
                        + "if anything, is lost.");
                    return _attachments;
                }
                if (ending == Ending.Silent && _silences > 1)
                {
                    log.AppendNodeError("The engine says no more of the container's output; what it printed after this point, if anything, is lost.");
                    return _attachments;
                }
                if (ending == Ending.Broken) await BackOffAsync(exited, cancellationToken);
                else if (ending == Ending.Whole && !follow) await WaitAsync(exited, Longer(BetweenReadings, _time.GetElapsedTime(began)), cancellationToken);
                else if (ending == Ending.Whole)
                {
                    await WaitAsync(exited, ExitGrace, cancellationToken);
                    followed = exited.IsCompleted;
                    if (!followed) await BackOffAsync(exited, cancellationToken);
                }
            }
        }
        finally
        {
            log.Flush();
        }
    }

    private void Store(LogStream stream, long timestamp, ReadOnlySpan<byte> text, bool continues) =>
        _overlap!.Entry(stream, timestamp, text, continues);

    private async Task<Ending> AttachAsync(LogLineAssembler assembler, bool follow, int? tail, Task exited, CancellationToken cancellationToken)
    {
        LogPosition? stdout = log.LastOf(LogStream.Stdout), stderr = log.LastOf(LogStream.Stderr);
        if (stdout == _othersStdout) stdout = null;
        if (stderr == _othersStderr) stderr = null;
        long? newest = stdout is null && stderr is null
            ? null
            : Math.Max(stdout?.TimestampNanoseconds ?? 0, stderr?.TimestampNanoseconds ?? 0) - OverlapNanoseconds;
        _overlap = new LogOverlap(stdout, stderr, newest ?? 0, log.Append, Gap);
        long before = log.EntryCount;
        try
        {
            if (log.EntryCount < LastLook) tail = null; // reading it all is no more than that
            string? since = newest is { } moment && tail is null ? new DockerTimestamp(moment).ToEngineString() : null;
            await using MultiplexedStream? stream = await HeardAsync(
                open(new LogStreamRequest(since, follow, tail), cancellationToken), exited, static late => late?.DisposeAsync(), cancellationToken);
            if (stream is null) return Ending.NoContainer;
            _attachments++;
            Ending ending = await PumpAsync(stream, assembler, follow, tail is null ? null : newest + OverlapNanoseconds, exited, cancellationToken);
            GotOn();
            return ending;
        }
        catch (TimeoutException)
        {
            LogSilent(logger, log.Job, log.Op);
            _silences = log.EntryCount > before ? 1 : _silences + 1;
            return Ending.Silent;
        }
        catch (DockerException exception)
        {
            LogBroken(logger, log.Job, log.Op, exception.Message);
            if (log.EntryCount > before) GotOn();
            _stuckSince ??= _time.GetTimestamp();
            return Ending.Broken;
        }
    }

    private async Task<Ending> PumpAsync(MultiplexedStream stream, LogLineAssembler assembler, bool follow, long? newest, Task exited,
        CancellationToken cancellationToken)
    {
        byte[] pieces = [];
        int held = 0;
        while (true)
        {
            ValueTask<LogFrame> reading = stream.ReadFrameAsync(cancellationToken);
            // Nothing more is here for now: what came is brought to disk while there is time.
            if (!reading.IsCompleted) log.Flush();
            LogFrame frame = reading.IsCompleted ? await reading : await HeardAsync(reading.AsTask(), exited, null, cancellationToken);
            if (frame.IsEndOfStream) return Ending.Whole;
            _size.Add(frame.Data.Span);
            // Everything up to here came from the first file; what follows may not, and is read without following.
            if (follow && _size.Bytes >= followedBytes) return Ending.MayRotate;
            // A last look must begin before the newest stored line, else it may have missed some.
            if (newest is { } stored)
            {
                if (!DockerTimestamp.TryParse(frame.Data.Span, out DockerTimestamp first, out _) || first.UnixNanoseconds >= stored) return Ending.TooShort;
                newest = null;
            }
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

    /// <summary>Waits for the engine; once the container has ended, no longer than it may be silent.</summary>
    /// <param name="said">What is waited for.</param>
    /// <param name="exited">The container's end.</param>
    /// <param name="late">Frees what comes when nobody waits any more.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TimeoutException">Nothing came.</exception>
    private async Task<T> HeardAsync<T>(Task<T> said, Task exited, Func<T, ValueTask?>? late, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(said, exited);
            return await said.WaitAsync(Silence, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            _ = said.ContinueWith(
                async ended =>
                {
                    if (ended.IsCompletedSuccessfully && late?.Invoke(ended.Result) is { } freed) await freed;
                    else _ = ended.Exception; // nobody needs to know any more
                }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }

    private void GotOn()
    {
        _stuckSince = null;
        _breaks = 0;
    }

    private void Gap()
    {
        LogGap(logger, log.Job, log.Op);
        log.AppendNodeError("Lines may be missing here: the engine had dropped the newest line that was stored before the output was attached again.");
    }

    private async Task BackOffAsync(Task exited, CancellationToken cancellationToken)
    {
        TimeSpan wait = RetryPipelines.LogAttachment.WaitAfter(++_breaks);
        if (exited.IsCompleted) await Task.Delay(wait, _time, cancellationToken);
        else await WaitAsync(exited, wait, cancellationToken);
    }

    /// <summary>Waits for the container's end, but no longer than a time.</summary>
    private async Task WaitAsync(Task exited, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (exited.IsCompleted) return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(exited, Task.Delay(atMost, _time, ended.Token));
        await ended.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    [LoggerMessage(3101, LogLevel.Warning, "The output of job {Job} operation {Op} broke off and is attached again: {Problem}")]
    private static partial void LogBroken(ILogger logger, string job, string op, string problem);

    [LoggerMessage(3103, LogLevel.Warning, "The engine says nothing of the end of the output of job {Job} operation {Op}")]
    private static partial void LogSilent(ILogger logger, string job, string op);

    [LoggerMessage(3102, LogLevel.Warning, "The output of job {Job} operation {Op} may have a gap: "
        + "the engine's own log was shorter than the time without attachment")]
    private static partial void LogGap(ILogger logger, string job, string op);
}
