using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Engine.Registry;
using Nosana.Node.Retries;

namespace Nosana.EndToEnd.Tests.Support;

/// <summary>Images for an engine as the agent brings them, one try each.</summary>
internal sealed class TestPulls : IAsyncDisposable
{
    /// <summary>Of the certificates that stand-ins for registries of the internet have.</summary>
    public const string StandInSubject = "CN=registry.example";

    private readonly RegistryHttp _http;
    private readonly PullEndpoint _endpoint;

    /// <param name="client">The engine.</param>
    /// <param name="named">Registries that the operator names.</param>
    /// <param name="accounts">The operator's; null is none.</param>
    /// <param name="options">Null is one try, and seconds for a silence.</param>
    /// <param name="connect">Connections to registries that are not named; null is the agent's own.</param>
    /// <param name="isHere">Whether the engine finds this agent.</param>
    public TestPulls(
        EngineClient client, IReadOnlyList<string> named, DockerConfigFile? accounts = null, PullOptions? options = null,
        Func<DnsEndPoint, CancellationToken, ValueTask<Stream>>? connect = null, bool isHere = true)
    {
        accounts ??= new DockerConfigFile("/nonexistent/config.json");
        var registry = new RegistryOptions { Named = named, Silence = TimeSpan.FromSeconds(4), Resume = RetryPipelines.LayerResume with { Tries = 1 } };
        // Stand-ins have certificates that nobody has signed.
        _http = new RegistryHttp(
            connect ?? Policy.ConnectAsync, registry, TimeProvider.System, (_, certificate, _, _) => certificate?.Subject == StandInSubject);
        var places = new RegistryPlaces(client, registry, accounts);
        _endpoint = new PullEndpoint(registry, new EngineDisk(client, isHere: true), NullLoggerFactory.Instance);
        Delivery = new RegistryDelivery(client, new RegistryClient(_http, places), places, _endpoint, new EngineDelivery(client, accounts), Policy, isHere, NullLogger<RegistryDelivery>.Instance);
        Puller = new ImagePuller(client, Delivery, options ?? new PullOptions { Retry = RetryPipelines.ImagePull with { Tries = 1 } }, NullLogger<ImagePuller>.Instance);
    }

    /// <summary>That of a machine whose operator chose nothing.</summary>
    public static AddressPolicy Policy { get; } =
        new(new EgressGuard(TimeProvider.System, "/nonexistent/marker"), new RefusedRanges([]), TimeProvider.System);

    public RegistryDelivery Delivery { get; }

    public ImagePuller Puller { get; }

    public async ValueTask DisposeAsync()
    {
        Puller.Dispose();
        await _endpoint.DisposeAsync();
        _http.Dispose();
    }
}
