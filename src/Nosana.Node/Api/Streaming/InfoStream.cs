using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Api.Streaming;

/// <summary>
/// <c>GET /job/ID/info</c>: the job's state with each change, looked at once a second however many watch. It opens with a comment, since whoever is in front of
/// the host cuts an answer that says nothing for long.
/// </summary>
internal sealed class InfoStream(JobViews views, RunningJobs jobs, StreamLimits limits, IHostApplicationLifetime lifetime, TimeProvider time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Sample> _samples = new(StringComparer.Ordinal);

    public async Task ServeAsync(string job, HttpContext http)
    {
        if (!jobs.Has(job) && views.Find(job) is null)
        {
            await ApiReply.Text(StatusCodes.Status404NotFound, "Failed to find job for provided job id.").ExecuteAsync(http);
            return;
        }
        await EventStream.ServeAsync(http, job, limits, lifetime, time, (stream, cancel) => FollowAsync(job, stream, cancel));
    }

    private async Task FollowAsync(string job, EventStream stream, CancellationToken cancel)
    {
        string? sent = null;
        while (true)
        {
            if (Look(job) is { } view)
            {
                if (view.Text != sent) await stream.SendAsync(view.Text, cancel);
                sent = view.Text;
                if (view.IsOver) return;
            }
            else if (!jobs.Has(job)) return; // gone, and nothing is kept of it
            await stream.IdleAsync(Interval, cancel);
        }
    }

    /// <summary>The state as it was looked at within the last second: for a thousand who watch it is written once.</summary>
    private Sample? Look(string job)
    {
        long now = time.GetTimestamp();
        if (_samples.TryGetValue(job, out Sample? known) && time.GetElapsedTime(known.At, now) < Interval / 2) return known;
        if (views.Find(job) is not { } view)
        {
            _samples.TryRemove(job, out _);
            return null;
        }
        bool isOver = view.IsOver || (!jobs.Has(job) && view.State["endTime"] is not null);
        var sample = new Sample(view.State.ToJsonString(ResultJson.ForNodes.Options), isOver, now);
        if (isOver) _samples.TryRemove(job, out _);
        else _samples[job] = sample;
        return sample;
    }

    private sealed record Sample(string Text, bool IsOver, long At);
}
