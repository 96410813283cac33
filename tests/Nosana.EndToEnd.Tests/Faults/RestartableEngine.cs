using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Faults;

/// <summary>An engine of its own, with a registry, in namespaces of its own, for tests that take it away in the middle of something.</summary>
public sealed class RestartableEngine : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("engine-").FullName;
    private IsolatedShell _shell = null!;
    private string[] _options = [];
    private TestEngine? _test;

    /// <summary>The test's own way to the engine.</summary>
    internal TestEngine Test => _test ?? throw new InvalidOperationException("The engine did not start.");

    /// <summary>The agent's way to it, which can be taken away.</summary>
    internal TestEngine Agents { get; private set; } = null!;

    /// <summary>A command that runs what follows it where the containers' addresses can be reached.</summary>
    internal IReadOnlyList<string> Inside => ["nsenter", $"--net={_shell.Network}"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string EngineDirectory => Path.Combine(_directory, "e");

    private string AgentsSocket => Path.Combine(_directory, "agent.sock");

    public async ValueTask InitializeAsync()
    {
        string images = Path.Combine(_directory, "images.txt");
        await File.WriteAllTextAsync(images, $"{Definitions.Image} shell\n", Token);
        _shell = IsolatedShell.Start(_directory, network: true);
        await _shell.RunAsync("engine.sh", "up", EngineDirectory, images);
        _test = new TestEngine(new Uri($"unix://{EngineDirectory}/docker.sock"));
        Agents = new TestEngine(new Uri($"unix://{AgentsSocket}"));
        Show();
        await Test.Client.PullImageAsync(Definitions.Image, null, null, Token);
    }

    /// <summary>Ends the engine with a signal.</summary>
    internal Task StopAsync(string signal) => _shell.RunAsync("engine.sh", "stop", EngineDirectory, signal);

    /// <summary>It takes connections and answers nothing.</summary>
    internal Task FreezeAsync() => _shell.RunAsync("engine.sh", "freeze", EngineDirectory);

    internal Task ThawAsync() => _shell.RunAsync("engine.sh", "thaw", EngineDirectory);

    /// <summary>Starts it again with the options that it had.</summary>
    internal Task StartAsync() => _shell.RunAsync("engine.sh", ["start", EngineDirectory, .. _options]);

    /// <summary>Has these options from here on.</summary>
    internal async Task UseAsync(params string[] options)
    {
        if (new FileInfo(AgentsSocket).LinkTarget is null) Show(); // a test that failed may have left it hidden
        if (options.SequenceEqual(_options)) return;
        _options = options;
        await StopAsync("TERM");
        await StartAsync();
    }

    /// <summary>Whoever is connected to it stays so; the agent cannot connect any more.</summary>
    internal void Hide() => File.Delete(AgentsSocket);

    internal void Show() => File.CreateSymbolicLink(AgentsSocket, Path.Combine(EngineDirectory, "docker.sock"));

    public async ValueTask DisposeAsync()
    {
        Agents?.Dispose();
        _test?.Dispose();
        if (_shell is null) return;
        await using (_shell) await _shell.RunAsync("engine.sh", "down", EngineDirectory);
        Directory.Delete(_directory, recursive: true);
    }
}
