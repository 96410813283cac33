using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>A server on loopback that stands for one elsewhere.</summary>
internal sealed class StandInServer : IDisposable
{
    private readonly WebApplication _server;

    /// <param name="answer">What it answers.</param>
    /// <param name="hasTls">With a certificate that nobody has signed.</param>
    public StandInServer(RequestDelegate answer, bool hasTls)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
        {
            if (hasTls) endpoint.UseHttps(Certificate());
        }));
        _server = builder.Build();
        _server.Run(answer);
        _server.StartAsync().GetAwaiter().GetResult();
        Port = new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    public int Port { get; }

    public void Dispose()
    {
        _server.StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();
        ((IDisposable)_server).Dispose();
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(TestPulls.StandInSubject, key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}

/// <summary>
/// The internet of a test: one public name leads to a stand-in, and any other host is connected to as the agent does; or, with that protection off,
/// whatever it is, it is a service of the machine's network that should never be asked.
/// </summary>
internal sealed class StandInInternet : IDisposable
{
    /// <summary>What the inner service answers.</summary>
    public const string Secret = "secret-of-a-local-service";

    private readonly StandInServer _inner;
    private readonly HostileRegistry _registry;
    private readonly bool _isGuarded;
    private int _asked;

    public StandInInternet(HostileRegistry registry, bool isGuarded, int innerStatus = StatusCodes.Status200OK)
    {
        (_registry, _isGuarded) = (registry, isGuarded);
        _inner = new StandInServer(
            http =>
            {
                Interlocked.Increment(ref _asked);
                http.Response.StatusCode = innerStatus;
                return http.Response.WriteAsync($$"""{"token":"{{Secret}}"}""");
            },
            hasTls: true);
    }

    /// <summary>Requests to the service that should never be asked.</summary>
    public int InnerRequests => Volatile.Read(ref _asked);

    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellationToken)
    {
        bool isRegistry = endpoint.Host == HostileRegistry.PublicName;
        if (!isRegistry && _isGuarded) return await TestPulls.Policy.ConnectAsync(endpoint, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, isRegistry ? _registry.Port : _inner.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public void Dispose() => _inner.Dispose();
}
