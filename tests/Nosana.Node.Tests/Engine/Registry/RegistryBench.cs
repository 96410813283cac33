using System.Net;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Engine.Registry;
using Nosana.Node.Retries;
using Nosana.Node.Tests.Support;

namespace Nosana.Node.Tests.Engine.Registry;

/// <summary>The client of registries and the engine's endpoint, on an engine that says what a test wants.</summary>
internal sealed class RegistryBench : IAsyncDisposable
{
    private readonly RegistryHttp _http;
    private long _free = long.MaxValue;

    /// <param name="named">Registries that the operator names.</param>
    /// <param name="accounts">The operator's <c>config.json</c>; null is none.</param>
    public RegistryBench(IReadOnlyList<string> named, string accounts = "/nonexistent/config.json")
    {
        var options = new RegistryOptions
        {
            Named = named,
            Silence = TimeSpan.FromSeconds(2),
            Resume = RetryPipelines.LayerResume with { FirstWait = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromMilliseconds(1), Tries = 3 },
        };
        _http = new RegistryHttp(Policies.Default().ConnectAsync, options, TimeProvider.System);
        Client = new RegistryClient(_http, new RegistryPlaces(Engine, options, new DockerConfigFile(accounts)));
        Endpoint = new PullEndpoint(options, new EngineDisk(Engine, isHere: true, _ => _free), NullLoggerFactory.Instance);
    }

    public InformedEngine Engine { get; } = new();

    public RegistryClient Client { get; }

    public PullEndpoint Endpoint { get; }

    /// <summary>Of the engine's disk.</summary>
    public void SetFreeBytes(long bytes) => _free = bytes;

    public async Task<RemoteImage> ResolveAsync(string image, RegistryCredentials? credentials = null)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        return await Client.ResolveAsync(ImageReference.Parse(image), credentials, await EngineFacts.ReadAsync(Engine, cancel), cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Endpoint.DisposeAsync();
        _http.Dispose();
    }

    internal sealed class InformedEngine : EngineFake
    {
        public SystemInfoResponse Info { get; } = new()
        {
            OSType = "linux",
            Architecture = "x86_64",
            DockerRootDir = "/data",
            RegistryConfig = new ServiceConfig { Mirrors = [], IndexConfigs = new Dictionary<string, IndexInfo>() },
        };

        public List<PodmanRegistry>? Podman { get; set; }

        public override Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken = default) =>
            Task.FromResult(new VersionResponse { Components = Podman is null ? [] : [new ComponentVersion { Name = "Podman Engine" }] });

        public override Task<IReadOnlyList<PodmanRegistry>> GetPodmanRegistriesAsync(CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<PodmanRegistry>>(Podman!);

        public override Task<SystemInfoResponse> GetSystemInfoAsync(CancellationToken cancellationToken = default) => Task.FromResult(Info);
    }
}
