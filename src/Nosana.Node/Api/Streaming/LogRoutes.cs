using System.Text.Json;
using Nosana.Node.Api.Authorization;
using Nosana.Node.Jobs;

namespace Nosana.Node.Api.Streaming;

/// <summary>
/// The output of a job's operations, live: the newest lines of each, and then every line as it is printed, none missing and none twice. Who is too slow is told
/// how many he has missed.
/// </summary>
internal abstract class OutputRoute(
    OwnerAuthorization authorization, RunningJobs jobs, JobFeeds feeds, StreamLimits limits, ApiOptions options, TimeProvider time) : ISocketRoute
{
    /// <summary>A job that is being prepared is waited for so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Lines of one operation before those of another get their turn.</summary>
    private const int Turn = 256;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    public abstract string Path { get; }

    protected TimeProvider Time => time;

    protected decimal Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task ServeAsync(ApiSocket socket, SocketFrame frame, CancellationToken cancel)
    {
        string job = await frame.OfOwnerAsync(authorization, takesHost: false, cancel);
        using IDisposable? seat = limits.TryEnter(job);
        if (seat is null) throw new SocketRefusedException(SocketRefusedException.TryAgainLater, "Too many watch this job. Ask again later.");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task follow = FollowAsync(socket, job, frame.Body, over.Token);
        try
        {
            await await Task.WhenAny(socket.Closed, follow);
        }
        finally
        {
            await over.CancelAsync();
            await follow.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What is said first, so that whoever waits for a sign gets one.</summary>
    protected abstract ReadOnlyMemory<byte> Greeting(string job);

    protected abstract ReadOnlyMemory<byte> FrameOf(OpFeed op, string job, FeedLine line);

    protected abstract ReadOnlyMemory<byte> Said(OpFeed op, string job, OpEvent said);

    protected abstract ReadOnlyMemory<byte> Missed(OpFeed op, string job, long entries);

    /// <summary>Whether the subscriber wants to hear of an operation.</summary>
    protected virtual bool Wants(JsonElement body, OpFeed op) => true;

    private async Task FollowAsync(ApiSocket socket, string job, JsonElement body, CancellationToken cancel)
    {
        JobRunner runner = await RunnerAsync(job, cancel)
            ?? throw new SocketRefusedException(SocketRefusedException.PolicyViolation, "Invalid job address");
        await socket.SendTextAsync(Greeting(job), cancel);
        JobFeed feed = feeds.Enter(runner);
        try
        {
            await FollowAsync(socket, job, feed, [.. feed.Ops.Where(op => Wants(body, op))], cancel);
        }
        finally
        {
            await feeds.LeaveAsync(feed);
        }
    }

    private async Task FollowAsync(ApiSocket socket, string job, JobFeed feed, OpFeed[] ops, CancellationToken cancel)
    {
        long[] places = [.. ops.Select(op => op.Start(options.TailEntries))];
        int[] told = new int[ops.Length];
        List<FeedLine> lines = new(Turn);
        List<ReadOnlyMemory<byte>> frames = new(Turn + 1);
        while (true)
        {
            Task changed = feed.Changed; // asked for before it is looked, so that nothing is slept through
            bool isOver = !jobs.TryFind(job, out JobRunner? runner) || runner != feed.Runner;
            if (isOver) feed.Look(); // the last of what it went through
            bool any = false;
            for (int i = 0; i < ops.Length; i++)
            {
                lines.Clear();
                frames.Clear();
                Tell(ops[i], ref told[i], isEnd: false);
                long lost = ops[i].Take(ref places[i], lines, Turn, isOver);
                if (lost > 0) frames.Add(Missed(ops[i], job, lost));
                foreach (FeedLine line in lines) frames.Add(FrameOf(ops[i], job, line));
                if (lines.Count == 0) Tell(ops[i], ref told[i], isEnd: true);
                if (frames.Count == 0) continue;
                any = true;
                await socket.SendTextsAsync(frames, cancel);
            }
            if (any) continue;
            if (isOver) return;
            // A job's end is no line of its output.
            await Task.WhenAny(changed, Task.Delay(BetweenLooks, time, cancel));
            cancel.ThrowIfCancellationRequested();
            // What comes in the next moment goes along; the more who watch, the longer that is, so that they cost no more together.
            await Task.Delay(feed.Breath, time, cancel);
        }

        // An end comes once all of the output has.
        void Tell(OpFeed op, ref int already, bool isEnd)
        {
            while (op.Events.After(already) is { } said && said.IsEnd == isEnd)
            {
                frames.Add(Said(op, job, said));
                already++;
            }
        }
    }

    private async Task<JobRunner?> RunnerAsync(string job, CancellationToken cancel)
    {
        long began = time.GetTimestamp();
        JobRunner? runner;
        while (!jobs.TryFind(job, out runner) && time.GetElapsedTime(began) < Patience) await Task.Delay(JobFeed.LookInterval, time, cancel);
        return runner;
    }
}

/// <summary>Lines by operation: <c>/flog</c>, filtered by <c>opId</c>, <c>group</c> and <c>type</c>.</summary>
internal sealed class FlogRoute(OwnerAuthorization authorization, RunningJobs jobs, JobFeeds feeds, StreamLimits limits, ApiOptions options, TimeProvider time)
    : OutputRoute(authorization, jobs, feeds, limits, options, time)
{
    public override string Path => "/flog";

    protected override ReadOnlyMemory<byte> Greeting(string job) => LogFrames.TaskLog("system", "system", "info", Now, $"Following the output of job {job}");

    protected override ReadOnlyMemory<byte> FrameOf(OpFeed op, string job, FeedLine line) => line.Flog(op);

    protected override ReadOnlyMemory<byte> Said(OpFeed op, string job, OpEvent said) => LogFrames.TaskLog(op.Id, op.Group, said.Type, said.Time, said.Text);

    protected override ReadOnlyMemory<byte> Missed(OpFeed op, string job, long entries) =>
        LogFrames.TaskLog(op.Id, op.Group, "error", Now, $"{entries} earlier lines are not kept any more");

    protected override bool Wants(JsonElement body, OpFeed op) =>
        body.TextOf("opId") is { } id ? op.Id == id : body.TextOf("group") is not { } group || op.Group == group;
}

/// <summary>Lines as the node prints them: <c>/log</c>.</summary>
internal sealed class LogRoute(OwnerAuthorization authorization, RunningJobs jobs, JobFeeds feeds, StreamLimits limits, ApiOptions options, TimeProvider time)
    : OutputRoute(authorization, jobs, feeds, limits, options, time)
{
    public override string Path => "/log";

    protected override ReadOnlyMemory<byte> Greeting(string job) => LogFrames.NodeLog(job, "info", Now, $"Following the output of job {job}");

    protected override ReadOnlyMemory<byte> FrameOf(OpFeed op, string job, FeedLine line) => line.Log(job);

    protected override ReadOnlyMemory<byte> Said(OpFeed op, string job, OpEvent said) => LogFrames.NodeLog(job, said.Type, said.Time, said.Text);

    protected override ReadOnlyMemory<byte> Missed(OpFeed op, string job, long entries) =>
        LogFrames.NodeLog(job, "error", Now, $"{entries} earlier lines of operation {op.Id} are not kept any more");
}
