using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Nosana.Node.Exposure;
using Yarp.ReverseProxy.Forwarder;

namespace Nosana.Benchmarks.Ingress;

/// <summary>What a child process of the measurement serves, each on a free port of loopback that it prints, until its standard input ends.</summary>
internal static class IngressServers
{
    public const string Name = "measured.localhost";

    /// <summary>Bytes of a download.</summary>
    public const long DownloadBytes = 1L << 30;

    private const int PieceBytes = 64 * 1024;
    private static readonly TimeSpan s_betweenEvents = TimeSpan.FromMilliseconds(20);

    /// <param name="role">container, bare or ours.</param>
    /// <param name="container">Address of the container, for the proxies.</param>
    public static async Task<int> RunAsync(string role, string? container)
    {
        int port = role switch
        {
            "container" => await StartAsync(HandleAsync),
            "bare" => await BareAsync(container!),
            _ => await OursAsync(new Uri(container!)),
        };
        Console.WriteLine(port.ToString(CultureInfo.InvariantCulture));
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static async Task<int> StartAsync(RequestDelegate answer, Action<IServiceCollection>? services = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        app.Run(answer);
        await app.StartAsync();
        return new Uri(app.Urls.Single()).Port;
    }

    /// <summary>YARP's forwarder as its documentation has it, and nothing else.</summary>
    private static Task<int> BareAsync(string container)
    {
        IHttpForwarder forwarder = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider().GetRequiredService<IHttpForwarder>();
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
            ConnectTimeout = TimeSpan.FromSeconds(15),
        });
        var config = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromSeconds(100), Version = HttpVersion.Version11 };
        return StartAsync(async context => { await forwarder.SendAsync(context, container, client, config, HttpTransformer.Default); });
    }

    private static async Task<int> OursAsync(Uri container)
    {
        ServiceProvider services = new ServiceCollection().AddLogging()
            .AddExposure(new IPEndPoint(IPAddress.Loopback, 0), "localhost", options => options.Limits = options.Limits with { RequestsPerSecond = 1_000_000 })
            .BuildServiceProvider();
        services.GetRequiredService<ExposureTable>().Add(Name, container, "job");
        ExposureServer server = services.GetRequiredService<ExposureServer>();
        await server.StartAsync(CancellationToken.None);
        return server.Address.Port;
    }

    private static async Task HandleAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/download": await DownloadAsync(context); break;
            case "/events": await SendEventsAsync(context); break;
            case "/idle": await HoldAsync(context); break;
            default:
                context.Response.ContentLength = 5;
                await context.Response.Body.WriteAsync("hello"u8.ToArray());
                break;
        }
    }

    private static async Task DownloadAsync(HttpContext context)
    {
        long pace = context.Request.QueryString.HasValue ? long.Parse(context.Request.QueryString.Value![1..], CultureInfo.InvariantCulture) : long.MaxValue;
        byte[] piece = new byte[PieceBytes];
        context.Response.ContentLength = DownloadBytes;
        long began = Stopwatch.GetTimestamp();
        for (long sent = 0; sent < DownloadBytes; sent += piece.Length)
        {
            // A line of so many bytes a second, and never ahead of it by more than a millisecond's worth.
            while (pace < long.MaxValue && sent / (double)pace - Stopwatch.GetElapsedTime(began).TotalSeconds is var ahead and > 0.001)
                await Task.Delay(TimeSpan.FromSeconds(ahead));
            await context.Response.Body.WriteAsync(piece);
        }
    }

    /// <summary>Each event is the time at which it was written, by the clock that all processes of the machine share.</summary>
    private static async Task SendEventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"data: {Stopwatch.GetTimestamp()}\n\n"));
            await context.Response.Body.FlushAsync();
            await Task.Delay(s_betweenEvents);
        }
    }

    private static async Task HoldAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] one = new byte[1];
        while (socket.State == WebSocketState.Open) await socket.ReceiveAsync(one.AsMemory(), context.RequestAborted);
    }
}
