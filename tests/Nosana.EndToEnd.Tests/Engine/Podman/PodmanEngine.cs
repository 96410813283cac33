using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Engine.Podman;

/// <summary>Podman's compatible API on a socket of its own, on the tests' network and with their registry.</summary>
public sealed class PodmanEngine : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("podman-").FullName;
    private IsolatedShell _shell = null!;

    internal Uri Address => new($"unix://{_directory}/podman.sock");

    public async ValueTask InitializeAsync()
    {
        string registry = Environment.GetEnvironmentVariable("NOSANA_TEST_REGISTRY")
            ?? throw new InvalidOperationException("NOSANA_TEST_REGISTRY is not set: run packaging/test.sh, which starts a private registry.");
        _shell = IsolatedShell.Start(_directory, network: false);
        await _shell.RunAsync("podman.sh", "up", _directory, registry);
    }

    public async ValueTask DisposeAsync()
    {
        await _shell.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
