using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Nosana.LocalNet.Content;

namespace Nosana.LocalNet.Http;

/// <summary>The Kestrel server, listening on every port of the network; all of them serve the same.</summary>
internal sealed class NetworkHost : IAsyncDisposable
{
    private const int FreePairAttempts = 20;
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(2);

    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stopping;

    private NetworkHost(WebApplication application, CancellationTokenSource stopping, int port, int ipfsPort)
    {
        _application = application;
        _stopping = stopping;
        Port = port;
        IpfsPort = ipfsPort;
    }

    /// <summary>RPC and WebSocket; the WebSocket also on the next.</summary>
    public int Port { get; }

    public int IpfsPort { get; }

    public static async Task<NetworkHost> StartAsync(LocalNetOptions options, NetworkEndpoint endpoint, CancellationToken cancellationToken)
    {
        if (options.Port != 0) return await ListenAsync(options, options.Port, endpoint, cancellationToken);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await ListenAsync(options, PortPair.FindFree(options.Address), endpoint, cancellationToken);
            }
            catch (LocalNetPortException) when (attempt < FreePairAttempts)
            {
                // Someone else took one of the pair in between: the next pair will do.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _application.StopAsync();
        await _application.DisposeAsync();
        _stopping.Dispose();
    }

    private static async Task<NetworkHost> ListenAsync(LocalNetOptions options, int port, NetworkEndpoint endpoint, CancellationToken cancellationToken)
    {
        bool ownIpfsPort = options.IpfsPort is { } wanted && wanted != port && wanted != port + 1;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(options.LoggerFactory);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTime);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = IpfsEndpoint.MaxBytes + 1024 * 1024;
            // Tests stop and advance clocks: a slow body is not an attack here.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(options.Address, port);
            kestrel.Listen(options.Address, port + 1);
            if (ownIpfsPort) kestrel.Listen(options.Address, options.IpfsPort!.Value);
        });
        WebApplication application = builder.Build();
        var stopping = new CancellationTokenSource();
        try
        {
            application.UseWebSockets();
            application.Run(context => endpoint.ServeAsync(context, stopping.Token));
            await application.StartAsync(cancellationToken);
            return new NetworkHost(application, stopping, port, ownIpfsPort ? IpfsPortOf(application, options, port) : options.IpfsPort ?? port);
        }
        catch (Exception exception) when (exception is SocketException or IOException { InnerException: AddressInUseException })
        {
            await application.DisposeAsync();
            stopping.Dispose();
            string ports = ownIpfsPort && options.IpfsPort != 0 ? $"{port}, {port + 1} and {options.IpfsPort}" : $"{port} and {port + 1}";
            string why = exception is IOException ? "one of them is taken" : "one of them cannot be had";
            throw new LocalNetPortException(port,
                $"The network needs the ports {ports} on {options.Address}, and {why} ({exception.Message}). " +
                "End what uses it, or choose another port (0 takes a free pair).",
                exception);
        }
        catch
        {
            await application.DisposeAsync();
            stopping.Dispose();
            throw;
        }
    }

    private static int IpfsPortOf(WebApplication application, LocalNetOptions options, int port)
    {
        if (options.IpfsPort is { } fixedPort and not 0) return fixedPort;
        ICollection<string> addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return addresses.Select(address => new Uri(address).Port).First(listening => listening != port && listening != port + 1);
    }
}
