using Nosana.Docker;

namespace Nosana.EndToEnd.Tests;

/// <summary>
/// The engine that these tests may fill and empty, named by the environment variable <c>NOSANA_TEST_ENGINE</c>. Never a person's own:
/// without the variable the tests fail. Its registry mirror must have <c>ubuntu</c>, <c>alpine</c> and <c>busybox</c>.
/// </summary>
public sealed class TestEngine : IDisposable
{
    private const string Variable = "NOSANA_TEST_ENGINE";

    public TestEngine()
    {
        string? address = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(address))
            throw new InvalidOperationException(
                $"{Variable} is not set: run packaging/test.sh, which starts a private engine, or set it to the address of one (unix:///path/to/docker.sock).");
        Endpoint = new Uri(address);
        Client = new EngineClient(Endpoint);
    }

    /// <summary>One that a test has started.</summary>
    internal TestEngine(Uri endpoint)
    {
        Endpoint = endpoint;
        Client = new EngineClient(Endpoint);
    }

    public Uri Endpoint { get; }

    public EngineClient Client { get; }

    public void Dispose() => Client.Dispose();
}
