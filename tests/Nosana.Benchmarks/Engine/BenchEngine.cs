using System.Diagnostics;
using Nosana.Docker;

namespace Nosana.Benchmarks.Engine;

/// <summary>The private engine and registry that <c>packaging/bench.sh</c> starts, and Docker's own client on the same engine.</summary>
internal sealed class BenchEngine : IDisposable
{
    private const string EngineVariable = "NOSANA_TEST_ENGINE";
    private const string RegistryVariable = "NOSANA_TEST_REGISTRY";

    /// <summary>A stand-in of the private registry with a shell in it.</summary>
    public const string Image = "docker.io/library/busybox:latest";

    private readonly string _address = Setting(EngineVariable);
    private readonly DirectoryInfo _clientSettings = Directory.CreateTempSubdirectory("nosana-bench-docker-");

    public BenchEngine() => Client = new EngineClient(new Uri(_address));

    public EngineClient Client { get; }

    /// <summary>Host and port of the registry.</summary>
    public static string Registry => Setting(RegistryVariable);

    public Task PullImageAsync() => Client.PullImageAsync(Image, null, null);

    /// <summary>Starts a shell line in which <c>docker</c> is Docker's own client on this engine; <c>$1</c>, <c>$2</c>... are the arguments.</summary>
    public Process StartShell(string line, params IEnumerable<string> arguments) => StartShell(line, isRead: false, arguments);

    /// <param name="isRead">Its standard output is read here.</param>
    public Process StartShell(string line, bool isRead, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = isRead };
        foreach (string argument in (string[])["-c", line, "sh", .. arguments]) start.ArgumentList.Add(argument);
        start.Environment["DOCKER_HOST"] = _address;
        start.Environment["DOCKER_CONFIG"] = _clientSettings.FullName;
        return Process.Start(start)!;
    }

    /// <summary>Runs a shell line to its end, which must be a success.</summary>
    public async Task ShellAsync(string line, params IEnumerable<string> arguments)
    {
        using Process shell = StartShell(line, arguments);
        await shell.WaitForExitAsync();
        if (shell.ExitCode != 0) throw new InvalidOperationException($"'{line}' ended with {shell.ExitCode}; what it said stands above.");
    }

    public void Dispose()
    {
        Client.Dispose();
        _clientSettings.Delete(recursive: true);
    }

    private static string Setting(string variable) => Environment.GetEnvironmentVariable(variable)
        ?? throw new InvalidOperationException($"{variable} is not set: run packaging/bench.sh, which starts a private engine and registry and sets it.");
}
