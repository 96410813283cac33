using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Solana.Rpc;

namespace Nosana.Solana.Tests.Rpc;

/// <summary>A node on loopback: a script of answers, one a request, the last one repeated.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, JsonElement, Task>> _script = new();
    private Func<HttpContext, JsonElement, Task> _last = (context, _) => Status(context, 500);

    private FakeNode(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    /// <summary>A client of this node with default limits.</summary>
    public RpcClient Client() => new(new RpcClientOptions { Endpoints = [Url] }, NullLogger<RpcClient>.Instance);

    /// <summary>The requests' JSON in order of arrival.</summary>
    public ConcurrentQueue<JsonElement> Requests { get; } = new();

    public static async Task<FakeNode> StartAsync(params Func<HttpContext, JsonElement, Task>[] script)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var node = new FakeNode(app);
        foreach (Func<HttpContext, JsonElement, Task> step in script) node._script.Enqueue(step);
        app.Run(node.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        node.Url = new Uri(app.Urls.First());
        return node;
    }

    public static Func<HttpContext, JsonElement, Task> Result(string json) => (context, request) => Body(context, $$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id")}},"result":{{json}}}""");

    public static Func<HttpContext, JsonElement, Task> Value(string json, ulong slot = 7) => Result($$"""{"context":{"apiVersion":"3.0.0","slot":{{slot}}},"value":{{json}}}""");

    public static Func<HttpContext, JsonElement, Task> Error(string json) => (context, request) => Body(context, $$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id")}},"error":{{json}}}""");

    public static Func<HttpContext, JsonElement, Task> Code(int status, string? retryAfter = null) => (context, _) =>
    {
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return Status(context, status);
    };

    public static Func<HttpContext, JsonElement, Task> Raw(string body) => (context, _) => Body(context, body);

    /// <summary>Resets the connection instead of answering.</summary>
    public static Task Reset(HttpContext context, JsonElement request)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Answers nothing until the client gives up.</summary>
    public static async Task Hang(HttpContext context, JsonElement request)
    {
        var gone = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task Body(HttpContext context, string body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using JsonDocument document = await JsonDocument.ParseAsync(context.Request.Body);
        JsonElement request = document.RootElement.Clone();
        Requests.Enqueue(request);
        if (_script.TryDequeue(out Func<HttpContext, JsonElement, Task>? next)) _last = next;
        await _last(context, request);
    }
}
