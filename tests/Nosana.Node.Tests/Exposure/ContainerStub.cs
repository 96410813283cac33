using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Nosana.Node.Tests.Exposure;

/// <summary>A real web server on loopback in the place of a container's port.</summary>
internal sealed class ContainerStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private ContainerStub(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public int Requests => Volatile.Read(ref _requests);

    /// <param name="handler">Answers each request.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="protocols">What it speaks.</param>
    public static async Task<ContainerStub> StartAsync(RequestDelegate handler, int port = 0, HttpProtocols protocols = HttpProtocols.Http1)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols);
        });
        WebApplication app = builder.Build();
        var stub = new ContainerStub(app);
        app.UseWebSockets();
        app.Run(context =>
        {
            Interlocked.Increment(ref stub._requests);
            return handler(context);
        });
        await app.StartAsync();
        return stub;
    }

    public static Task<ContainerStub> StartAsync(string answer) => StartAsync(context => context.Response.WriteAsync(answer));

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
