using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Api.Streaming;

/// <summary>
/// A deployment as it changes, as server-sent events. Events have ids: whoever comes again with the last one gets all that he has missed, by whichever process
/// it was written. Status, jobs and tasks come as they are, whole at first and then as they change.
/// </summary>
internal sealed class StreamRoute(
    DeploymentStore store, DeploymentEditor editor, EndpointTable endpoints, StreamHub hub, IHostApplicationLifetime lifetime, TimeProvider time) : IApiRoutes
{
    private const string LastEventId = "Last-Event-ID";
    private const int EventsAtOnce = 500;

    // The network's.
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromSeconds(25);

    /// <summary>How often what other processes have written is looked for.</summary>
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(2);

    public void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder ofUser) => ofUser.MapGet(PathValues.Deployment + "/stream", StreamAsync)
        .WithName("StreamDeployment").WithTags("Deployments").Produces<string>(StatusCodes.Status200OK, "text/event-stream");

    private async Task<IResult> StreamAsync(HttpContext http, string deployment)
    {
        string owner = http.Caller();
        await editor.FindAsync(PathValues.Id(deployment), owner, http.RequestAborted);
        long last = await LastAsync(http, deployment);
        using StreamHub.Watch? watch = hub.TryEnter(owner, deployment);
        if (watch is null) throw new ApiRefusal(ApiReply.Error(StatusCodes.Status429TooManyRequests, "Too many streams of one owner.").After(s_keepAlive));
        HttpResponse response = http.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await FollowAsync(http, deployment, last, watch, gone.Token);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // whoever watched has gone, or the server ends
        }
        catch (IOException)
        {
            // his connection broke
        }
        return Results.Empty;
    }

    private async Task<long> LastAsync(HttpContext http, string deployment)
    {
        if (http.Request.Headers[LastEventId] is not [{ Length: > 0 } text]) return await store.LastEventIdAsync(deployment, http.RequestAborted);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            ? last
            : throw ApiRefusal.BadRequest($"{LastEventId} must be an id of this stream.");
    }

    private async Task FollowAsync(HttpContext http, string deployment, long last, StreamHub.Watch watch, CancellationToken cancellationToken)
    {
        var frames = new Frames();
        long said = time.GetTimestamp(), version = -1;
        while (true)
        {
            Task woken = watch.Next();
            var text = new StringBuilder();
            DeploymentSnapshot? snapshot = await store.ReadAsync(deployment, cancellationToken);
            if (snapshot is null) return; // it was removed
            Deployment now = snapshot.Deployment;
            foreach (string frame in frames.Of(snapshot, await endpoints.WithHealthAsync(now, cancellationToken))) text.Append($"data: {frame}\n\n");
            // Events are written with their deployment alone.
            if (now.Version != version)
            {
                IReadOnlyList<StoredEvent> events;
                do
                {
                    events = await store.EventsAfterAsync(deployment, last, EventsAtOnce, cancellationToken);
                    foreach (StoredEvent one in events)
                    {
                        text.Append(CultureInfo.InvariantCulture, $"id: {one.Id}\ndata: {Frames.Of(one)}\n\n");
                        last = one.Id;
                    }
                }
                while (events.Count == EventsAtOnce);
                version = now.Version;
            }
            if (text.Length == 0 && time.GetElapsedTime(said) >= s_keepAlive) text.Append(": keep-alive\n\n");
            if (text.Length > 0)
            {
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
                await http.Response.Body.FlushAsync(cancellationToken);
                said = time.GetTimestamp();
            }
            await Task.WhenAny(woken, Task.Delay(s_lookAgain, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
