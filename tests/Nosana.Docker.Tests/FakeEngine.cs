using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Nosana.Docker.Tests;

/// <summary>An engine on a unix socket of its own that answers as a test tells it to and remembers what it was asked.</summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _path;
    private readonly Channel<RecordedRequest> _arrived = Channel.CreateUnbounded<RecordedRequest>();

    private FakeEngine(WebApplication app, string path) => (_app, _path) = (app, path);

    public ConcurrentQueue<RecordedRequest> Requests { get; } = new();

    /// <summary>What <c>/version</c> says.</summary>
    public string ApiVersion { get; set; } = "1.41";

    public string MinApiVersion { get; set; } = "1.12";

    public Uri Endpoint => new($"unix://{_path}");

    /// <summary>Answers everything but <c>/version</c>; what was asked is the context's item <see cref="RecordedRequest"/>.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => Json(context, 200, "{}");

    /// <summary>Replaces the answer of <c>/version</c>.</summary>
    public Func<HttpContext, Task>? AnswerVersion { get; set; }

    public static async Task<FakeEngine> StartAsync(Func<HttpContext, Task>? answer = null)
    {
        string path = Path.Combine(Path.GetTempPath(), $"engine-{Guid.NewGuid():N}.sock");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(path));
        WebApplication app = builder.Build();
        var engine = new FakeEngine(app, path);
        if (answer is not null) engine.Answer = answer;
        app.Run(engine.HandleAsync);
        await app.StartAsync();
        return engine;
    }

    public static async Task Json(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json);
    }

    public static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public EngineClient CreateClient(
        TimeSpan limit = default, TimeProvider? time = null, Version? version = null, int queriesAtOnce = EngineClient.StandardQueriesAtOnce) =>
        new(Endpoint, limit, time, version, queriesAtOnce);

    /// <summary>The next request besides <c>/version</c>, when it has arrived.</summary>
    public async Task<RecordedRequest> NextAsync() => await _arrived.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        File.Delete(_path);
    }

    private async Task HandleAsync(HttpContext context)
    {
        bool isVersion = context.Request.Path.Value == "/version";
        string body = "";
        if (context.Request.Headers.Expect.Count == 0)
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8, leaveOpen: true);
            body = await reader.ReadToEndAsync(context.RequestAborted);
        }
        var recorded = new RecordedRequest(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            body,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        Requests.Enqueue(recorded);
        context.Items[nameof(RecordedRequest)] = recorded;
        if (!isVersion) _arrived.Writer.TryWrite(recorded);

        if (!isVersion) await Answer(context);
        else if (AnswerVersion is not null) await AnswerVersion(context);
        else await Json(context, 200, $$"""{"Version":"20.10.24","ApiVersion":"{{ApiVersion}}","MinAPIVersion":"{{MinApiVersion}}"}""");
    }
}
