using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Nosana.EndToEnd.Tests.Support;

/// <summary>A web server on loopback.</summary>
internal sealed class LoopbackSite : IAsyncDisposable
{
    private readonly WebApplication _server;

    private LoopbackSite(WebApplication server) => _server = server;

    /// <summary>Without a slash at the end.</summary>
    public string Address => _server.Urls.Single();

    /// <param name="answer">For each request.</param>
    public static async Task<LoopbackSite> StartAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication server = builder.Build();
        server.Run(answer);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new LoopbackSite(server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
