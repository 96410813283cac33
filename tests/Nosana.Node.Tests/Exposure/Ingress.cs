using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Nosana.Node.Exposure;

namespace Nosana.Node.Tests.Exposure;

/// <summary>The ingress as the agent hosts it, on a free port, and clients that name hosts in their Host header.</summary>
internal sealed class Ingress : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    private Ingress(ServiceProvider services) => _services = services;

    public ExposureTable Table => _services.GetRequiredService<ExposureTable>();

    public ExposureServer Server => _services.GetRequiredService<ExposureServer>();

    /// <param name="port">0 takes a free one.</param>
    /// <param name="more">Everything else.</param>
    /// <param name="time">Its clock; null is the machine's.</param>
    public static async Task<Ingress> StartAsync(int port = 0, Action<ExposureOptions>? more = null, TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        if (time is not null) services.AddSingleton(time);
        services.AddExposure(new IPEndPoint(IPAddress.Loopback, port), "localhost", more);
        var ingress = new Ingress(services.BuildServiceProvider());
        try
        {
            foreach (IHostedService hosted in ingress._services.GetServices<IHostedService>()) await hosted.StartAsync(TestContext.Current.CancellationToken);
            return ingress;
        }
        catch
        {
            await ingress.DisposeAsync();
            throw;
        }
    }

    public Task<HttpResponseMessage> GetAsync(string host, string path = "/") =>
        SendAsync(host, new HttpRequestMessage(HttpMethod.Get, new Uri(Server.Address, path)));

    public Task<HttpResponseMessage> SendAsync(string host, HttpRequestMessage request)
    {
        request.Headers.Host = host;
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public async Task<ClientWebSocket> ConnectAsync(string host)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", host);
        await socket.ConnectAsync(new Uri($"ws://{Server.Address.Authority}/socket"), TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>A port of loopback on which nothing listens: bound, so that no one else got it, and closed again.</summary>
    public static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _services.DisposeAsync();
    }
}
