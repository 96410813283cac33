using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Nosana.Node.Api.Streaming;

/// <summary>Server-sent events in the official host's form: unnamed, opened by a comment, and kept alive by comments.</summary>
internal sealed class EventStream
{
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private readonly HttpContext _http;
    private readonly TimeProvider _time;
    private long _said;

    private EventStream(HttpContext http, TimeProvider time) => (_http, _time, _said) = (http, time, time.GetTimestamp());

    /// <summary>Serves a stream of a job, if there is a place.</summary>
    public static async Task ServeAsync(
        HttpContext http, string job, StreamLimits limits, IHostApplicationLifetime lifetime, TimeProvider time,
        Func<EventStream, CancellationToken, Task> follow)
    {
        using IDisposable? seat = limits.TryEnter(job);
        if (seat is null)
        {
            await ApiReply.Text(StatusCodes.Status429TooManyRequests, "Too many watch this job. Ask again later.").ExecuteAsync(http);
            return;
        }
        HttpResponse response = http.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        response.Headers.Connection = "keep-alive";
        response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(http.Request.Method)) return;
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var stream = new EventStream(http, time);
        try
        {
            await stream.WriteAsync(": connected\n\n", gone.Token);
            await follow(stream, gone.Token);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // whoever watched has gone, or the agent ends
        }
        catch (IOException)
        {
            // he takes nothing, or his connection broke
        }
    }

    /// <param name="json">On one line.</param>
    public Task SendAsync(string json, CancellationToken cancel) => WriteAsync($"data: {json}\n\n", cancel);

    /// <summary>Waits, and says that the stream is still there when nothing has been said for long.</summary>
    public async Task IdleAsync(TimeSpan interval, CancellationToken cancel)
    {
        await Task.Delay(interval, _time, cancel);
        if (_time.GetElapsedTime(_said) >= KeepAlive) await WriteAsync(": keep-alive\n\n", cancel);
    }

    private async Task WriteAsync(string text, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ApiSocket.SendLimit); // who takes nothing for so long is gone
        try
        {
            await _http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), limit.Token);
            await _http.Response.Body.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            _http.Abort();
            throw new IOException("A stream's reader takes nothing.");
        }
        _said = _time.GetTimestamp();
    }
}
