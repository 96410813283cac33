using System.Globalization;
using System.Text.Json.Nodes;
using Nosana.Node.Api.Statistics;
using Nosana.Node.Api.Streaming;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Api.Routes;

/// <summary>What a job's operations use, for the last day, and as it is now.</summary>
internal sealed class StatisticsRoutes(StatisticsCollector statistics, StreamLimits limits, IHostApplicationLifetime lifetime, TimeProvider time) : IApiRoutes
{
    private static readonly int[] s_intervals = [5, 10, 30, 60, 300, 1800];

    private static readonly ApiReply s_wrongInterval = ApiReply.Text(
        StatusCodes.Status400BadRequest, $"Invalid interval. Allowed values (seconds): {string.Join(", ", s_intervals)}");

    private static readonly ApiReply s_noJob = ApiReply.Text(StatusCodes.Status404NotFound, "Invalid job address");

    private static readonly ApiReply s_wrongTime = ApiReply.Text(StatusCodes.Status400BadRequest, "start and end must be valid timestamps (ms)");

    public void Map(IEndpointRouteBuilder api, IEndpointRouteBuilder ofOwner)
    {
        ofOwner.MapReading("/stats", Past).WithSummary("What the operations used: interval in seconds, start and end in milliseconds");
        ofOwner.MapReading("/stats/stream", (string job, HttpContext http, string? interval = null) => LiveAsync(job, interval, http))
            .WithSummary("What the operations use, as server-sent events");
    }

    private ApiReply Past(string job, string? interval = null, string? start = null, string? end = null)
    {
        if (IntervalOf(interval) is not { } apart) return s_wrongInterval;
        if (statistics.Find(job) is not { } ops) return s_noJob;
        if (TimeOf(start, double.NegativeInfinity) is not { } from || TimeOf(end, double.PositiveInfinity) is not { } to) return s_wrongTime;
        return ApiReply.Json(new JsonArray([.. ops.SelectMany(op => op.Read(from, to, apart).Select(one => (JsonNode)one.ToJson(op.Op)))]));
    }

    private async Task LiveAsync(string job, string? interval, HttpContext http)
    {
        ApiReply? refusal = IntervalOf(interval) is null ? s_wrongInterval : statistics.Find(job) is null ? s_noJob : null;
        if (refusal is not null) await refusal.ExecuteAsync(http);
        else await EventStream.ServeAsync(http, job, limits, lifetime, time, (stream, cancel) => FollowAsync(job, IntervalOf(interval)!.Value, stream, cancel));
    }

    private async Task FollowAsync(string job, TimeSpan interval, EventStream stream, CancellationToken cancel)
    {
        var sent = new Dictionary<string, long>(StringComparer.Ordinal);
        long? said = null;
        while (statistics.Find(job) is { } ops)
        {
            if (said is not { } last || time.GetElapsedTime(last) >= interval)
            {
                said = time.GetTimestamp();
                var frame = new JsonArray();
                foreach (OpStatistics op in ops)
                {
                    if (op.Newest(sent.GetValueOrDefault(op.Op)) is not { } newest) continue;
                    sent[op.Op] = newest.Time;
                    frame.Add(newest.ToJson(op.Op));
                }
                if (frame.Count > 0) await stream.SendAsync(frame.ToJsonString(ResultJson.ForNodes.Options), cancel);
            }
            await stream.IdleAsync(InfoStream.Interval, cancel); // so that the job's end is noticed
        }
    }

    private static TimeSpan? IntervalOf(string? text)
    {
        if (string.IsNullOrEmpty(text)) return TimeSpan.FromSeconds(s_intervals[0]);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && s_intervals.Contains(seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
    }

    private static double? TimeOf(string? text, double otherwise) => text is null ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double time) && double.IsFinite(time) ? time
        : null;
}
