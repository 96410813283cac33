using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Nosana.EndToEnd.Tests.Engine.Images;

/// <summary>Debian's docker-registry on loopback with one account, without which it gives nothing.</summary>
internal sealed class GuardedRegistry : IAsyncDisposable
{
    public const string User = "tenant", Password = "right";

    /// <summary>bcrypt of <see cref="Password"/>, as htpasswd writes it.</summary>
    private const string Hash = "$2y$04$abcdefghijklmnopqrstuuFmEfrkTQnczNzw475xE2VhDrK1uwJiC";

    private readonly Process _process;
    private readonly string _directory;
    private readonly Task _reading;

    private GuardedRegistry(Process process, string directory, string address)
    {
        (_process, _directory, Address) = (process, directory, address);
        _reading = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    public string Address { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<GuardedRegistry> StartAsync()
    {
        string directory = Directory.CreateTempSubdirectory("nosana-registry-").FullName;
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        string address = reserved.LocalEndpoint.ToString()!;
        reserved.Stop();
        await File.WriteAllTextAsync(Path.Combine(directory, "accounts"), $"{User}:{Hash}\n", Token);
        await File.WriteAllTextAsync(Path.Combine(directory, "registry.yml"), $$"""
            version: 0.1
            log: {level: warn}
            storage:
              filesystem: {rootdirectory: {{directory}}/data}
            http: {addr: "{{address}}"}
            auth:
              htpasswd: {realm: test, path: {{directory}}/accounts}
            """, Token);
        Process process = Process.Start(new ProcessStartInfo("docker-registry", ["serve", Path.Combine(directory, "registry.yml")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var registry = new GuardedRegistry(process, directory, address);
        using var http = new HttpClient();
        for (int look = 0; ; look++)
        {
            try
            {
                Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync($"http://{address}/v2/", Token)).StatusCode);
                return registry;
            }
            catch (HttpRequestException) when (look < 600 && !process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
