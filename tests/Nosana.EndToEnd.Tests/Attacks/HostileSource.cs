using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>
/// A server of resources that does harm. The first part of a path says which: <c>/endless/x</c> as a bucket with credentials, or as a public address.
/// </summary>
internal sealed class HostileSource : IAsyncDisposable
{
    public const string Secret = "reached";

    private readonly WebApplication _app;
    private int _token;

    private HostileSource(WebApplication app) => _app = app;

    /// <summary>Method and path of every request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <param name="listening">Becomes the server's.</param>
    public static async Task<HostileSource> StartAsync(Socket listening)
    {
        ulong handle = (ulong)listening.SafeHandle.DangerousGetHandle();
        listening.SafeHandle.SetHandleAsInvalid();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.ListenHandle(handle);
        });
        WebApplication app = builder.Build();
        var source = new HostileSource(app);
        app.Run(async context =>
        {
            source.Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
            try
            {
                await source.AnswerAsync(context);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The agent has gone away, as it should.
            }
        });
        await app.StartAsync();
        return source;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string[] parts = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string kind = parts.Length > 0 ? parts[0].TrimEnd([.. "0123456789"]) : "";
        bool lists = context.Request.Query.ContainsKey("list-type");
        context.Response.ContentType = lists ? "application/xml" : "application/octet-stream";
        switch (kind)
        {
            case "redir" when parts.Length > 1:
                // To the host behind it, by the path behind that.
                context.Response.Redirect("http://" + parts[1].Replace("__", "/", StringComparison.Ordinal));
                break;
            case "error":
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                await WriteAsync(context, "<Error><Code>AccessDenied</Code><Message>", "more and more ");
                break;
            case "silent":
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                break;
            case "endless" when lists:
                await PageAsync(context, 1000, 20, $"t{Interlocked.Increment(ref _token)}");
                break;
            case "circle" when lists:
                await PageAsync(context, 1, 20, "same");
                break;
            case "empty" when lists:
                await PageAsync(context, 0, 20, $"t{Interlocked.Increment(ref _token)}");
                break;
            case "most" when lists:
                // Of everything just as much as is allowed: 50 pages of 1,000 names of 130 characters.
                int page = int.TryParse(context.Request.Query["continuation-token"], CultureInfo.InvariantCulture, out int asked) ? asked : 1;
                await PageAsync(context, 1000, 130, page < 50 ? (page + 1).ToString(CultureInfo.InvariantCulture) : null);
                break;
            case "bigkey" when lists:
                await WriteAsync(context, "<ListBucketResult><Contents><Key>x/", "aaaaaaaaaaaaaaaa");
                break;
            case "wide" when lists:
                await WriteAsync(context, "<ListBucketResult>", "<a/>");
                break;
            case "attributes" when lists:
                await WriteAsync(context, "<ListBucketResult a=\"", "aaaaaaaaaaaaaaaa");
                break;
            case "deep" when lists:
                await WriteAsync(context, "<ListBucketResult>", "<a>");
                break;
            case "drip" when lists:
                await context.Response.WriteAsync("<ListBucketResult>");
                using (var drops = new PeriodicTimer(TimeSpan.FromMilliseconds(100)))
                {
                    while (await drops.WaitForNextTickAsync(context.RequestAborted))
                    {
                        await context.Response.WriteAsync(" ", context.RequestAborted);
                        await context.Response.Body.FlushAsync(context.RequestAborted);
                    }
                }
                break;
            case "cut" when !lists:
                context.Response.ContentLength = 1_000_000;
                if (HttpMethods.IsGet(context.Request.Method)) context.Abort();
                break;
            case "huge" when !lists:
                context.Response.ContentLength = 3L << 40;
                break;
            case "honest" when lists:
                await context.Response.WriteAsync("<ListBucketResult><Contents><Key>x/secret</Key></Contents></ListBucketResult>");
                break;
            case "honest" when parts is [_, "x", "secret"]:
                if (HttpMethods.IsGet(context.Request.Method)) await context.Response.WriteAsync(Secret);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private static async Task PageAsync(HttpContext context, int keys, int length, string? next)
    {
        var page = new StringBuilder("<ListBucketResult>");
        for (int at = 0; at < keys; at++)
            page.Append(CultureInfo.InvariantCulture, $"<Contents><Key>x/{next ?? "end"}-{at:D5}-").Append('a', length).Append("</Key><Size>1</Size><ETag>e</ETag></Contents>");
        if (next is not null) page.Append(CultureInfo.InvariantCulture, $"<IsTruncated>true</IsTruncated><NextContinuationToken>{next}</NextContinuationToken>");
        await context.Response.WriteAsync(page.Append("</ListBucketResult>").ToString(), context.RequestAborted);
    }

    /// <summary>The beginning, and then the same again and again without an end.</summary>
    private static async Task WriteAsync(HttpContext context, string first, string more)
    {
        byte[] block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(more, (64 << 10) / more.Length)));
        await context.Response.WriteAsync(first, context.RequestAborted);
        while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(block, context.RequestAborted);
    }
}
