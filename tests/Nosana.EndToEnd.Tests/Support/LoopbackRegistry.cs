using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Nosana.EndToEnd.Tests.Support;

/// <summary>Debian's docker-registry on loopback, which can be killed and started again at the same port. It keeps what was pushed.</summary>
internal sealed class LoopbackRegistry : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _directory = Directory.CreateTempSubdirectory("nosana-registry-").FullName;
    private readonly string? _account;
    private readonly HttpClient _http = new();
    private Process? _process;

    /// <param name="account">A line as htpasswd writes it, with bcrypt: without that account it gives nothing. Null lets everybody in.</param>
    public LoopbackRegistry(string? account = null)
    {
        _account = account;
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        Port = ((IPEndPoint)reserved.LocalEndpoint).Port;
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public Uri Api => new($"http://{Address}/v2/");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task StartAsync()
    {
        string configuration = Path.Combine(_directory, "registry.yml"), accounts = Path.Combine(_directory, "accounts");
        if (_account is not null) await File.WriteAllTextAsync(accounts, $"{_account}\n", Token);
        await File.WriteAllTextAsync(configuration, $$$"""
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: {{{_directory}}}/data}}
            http: {addr: "{{{Address}}}"}
            {{{(_account is null ? "" : $"auth: {{htpasswd: {{realm: test, path: {accounts}}}}}")}}}
            """, Token);
        _process = Process.Start(new ProcessStartInfo("docker-registry", ["serve", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // Read and thrown away: it takes every question for something that it does not have for an error.
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        long began = Stopwatch.GetTimestamp();
        while (!_process.HasExited && Stopwatch.GetElapsedTime(began) < Deadline)
        {
            try
            {
                using HttpResponseMessage answer = await _http.GetAsync(Api, Token);
                Assert.Equal(_account is null ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.StatusCode);
                return;
            }
            catch (HttpRequestException)
            {
                // it does not listen yet
            }
            await Task.Delay(Pause, Token);
        }
        throw new TimeoutException(_process.HasExited ? $"docker-registry ended with {_process.ExitCode}." : $"docker-registry did not serve within {Deadline}.");
    }

    /// <summary>As a crash: connections break in the middle of what they carry.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
