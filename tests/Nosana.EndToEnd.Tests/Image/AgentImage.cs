using System.Diagnostics;
using Nosana.Docker;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Image;

/// <summary>
/// The image of the Dockerfile, built once on the tests' engine without a registry or a network: from stand-ins of its base images and the
/// packages in the folder that the variable <c>NOSANA_TEST_PACKAGES</c> names.
/// </summary>
public sealed class AgentImage : IAsyncLifetime
{
    /// <summary>The image's name.</summary>
    internal const string Name = "nosana-node:test";

    /// <summary>Whom it runs as.</summary>
    internal const string User = "1654";

    private const string Variable = "NOSANA_TEST_PACKAGES";

    private readonly TestEngine _engine = new();
    private readonly string _home = Directory.CreateTempSubdirectory("nosana-image-").FullName;

    internal EngineClient Engine => _engine.Client;

    internal Uri Endpoint => _engine.Endpoint;

    public async ValueTask InitializeAsync()
    {
        string packages = Environment.GetEnvironmentVariable(Variable)
            ?? throw new InvalidOperationException(
                $"{Variable} is not set: run packaging/test.sh, or fill a folder as its fetch_packages does and set it to that.");
        await RunAsync(Path.Combine(RepositoryFiles.Root, "packaging", "base-images.sh"), ClientEnvironment, packages);
        await DockerAsync(
            "build", "--quiet", "--build-arg", "SDK_IMAGE=stand-in/dotnet-sdk", "--build-arg", "RUNTIME_IMAGE=stand-in/runtime-deps",
            "--build-arg", "PUBLISH_OPTIONS=-p:PublishReadyToRunComposite=false", "--tag", Name, RepositoryFiles.Root);
    }

    public ValueTask DisposeAsync()
    {
        _engine.Dispose();
        Directory.Delete(_home, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Docker's own client; both its outputs.</summary>
    internal Task<string> DockerAsync(params string[] arguments) => RunAsync("docker", ClientEnvironment, arguments);

    /// <summary>Runs a program to its end; both its outputs.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    internal static async Task<string> RunAsync(string program, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        string[] outputs = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0
            ? string.Concat(outputs)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{string.Concat(outputs)}");
    }

    // The classic builder: BuildKit is a program of its own, which not every machine has.
    private Dictionary<string, string> ClientEnvironment => new()
    {
        ["DOCKER_HOST"] = Endpoint.OriginalString,
        ["DOCKER_CONFIG"] = _home,
        ["DOCKER_BUILDKIT"] = "0",
    };
}
