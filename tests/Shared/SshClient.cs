using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Nosana.Testing;

/// <summary>OpenSSH's client, as a job's owner runs it: through a CONNECT proxy, with a key of its own.</summary>
internal sealed class SshClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("ssh-client-").FullName;
    private int _keys;

    /// <summary>Made when it is first asked for.</summary>
    public string PublicKey => field ??= MakeKey();

    public string KeyFile => PublicKey.Length > 0 ? Path.Combine(_directory, "key1") : "";

    /// <summary>Another key.</summary>
    /// <returns>Its line; its file is <see cref="FileOf"/>.</returns>
    public string MakeKey(string type = "ed25519", string bits = "")
    {
        string file = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"key{++_keys}"));
        using Process made = Process.Start(new ProcessStartInfo("ssh-keygen", $"-q -t {type} {bits} -N \"\" -C me@test -f {file}"))!;
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return File.ReadAllText(file + ".pub").Trim();
    }

    public string FileOf(string publicKey) => Directory.GetFiles(_directory, "*.pub").First(file => File.ReadAllText(file).Trim() == publicKey)[..^4];

    /// <summary>Runs it to its end, or to the deadline.</summary>
    /// <param name="proxy">The CONNECT front.</param>
    /// <param name="destination">USER@NAME.</param>
    /// <param name="typed">What is typed at its start.</param>
    /// <param name="options">Before the destination, without quotes.</param>
    /// <param name="command">Behind it.</param>
    /// <param name="keyFile">Another key's.</param>
    public async Task<SshRun> RunAsync(IPEndPoint proxy, string destination, string typed, string options = "-tt", string command = "", string? keyFile = null)
    {
        using var running = Start(proxy, destination, options, command, keyFile);
        await running.TypeAsync(typed);
        return await running.EndAsync();
    }

    public SshSession Start(IPEndPoint proxy, string destination, string options = "-tt", string command = "", string? keyFile = null)
    {
        // As the official clients do.
        string connect = string.Create(CultureInfo.InvariantCulture, $"socat - PROXY:{proxy.Address}:%h:%p,proxyport={proxy.Port}");
        return SshSession.Start(Through(connect, keyFile) + $" {options} {destination} {command}", Deadline);
    }

    /// <summary>The same without a proxy.</summary>
    public SshSession StartDirect(IPEndPoint at, string user, string options = "-tt") => SshSession.Start(
        string.Create(CultureInfo.InvariantCulture, $"{Common(null)} -p {at.Port} {options} {user}@{at.Address}"), Deadline);

    /// <summary>Options for any of OpenSSH's programs.</summary>
    public string Through(string proxyCommand, string? keyFile) => $"{Common(keyFile)} -o \"ProxyCommand={proxyCommand}\"";

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Common(string? keyFile) =>
        $"-F /dev/null -o IdentitiesOnly=yes -o IdentityFile={keyFile ?? KeyFile} -o UserKnownHostsFile={_directory}/known_hosts -o StrictHostKeyChecking=accept-new "
        + "-o PreferredAuthentications=publickey -o BatchMode=yes -o LogLevel=ERROR";
}

/// <summary>How a client ended.</summary>
/// <param name="Code">Its exit code: the shell's, or 255 where it got none.</param>
/// <param name="Output">What it showed.</param>
/// <param name="Errors">What it complained of.</param>
internal sealed record SshRun(int Code, string Output, string Errors);

/// <summary>A client that runs.</summary>
internal sealed class SshSession : IDisposable
{
    private readonly Process _process;
    private readonly CancellationTokenSource _deadline;
    private readonly StringBuilder _output = new(), _errors = new();
    private readonly Task _reading;

    private SshSession(Process process, TimeSpan deadline)
    {
        _process = process;
        _deadline = new CancellationTokenSource(deadline);
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _errors));
    }

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public bool HasExited => _process.HasExited;

    public static SshSession Start(string arguments, TimeSpan deadline, string program = "ssh") => new(
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!, deadline);

    public async Task TypeAsync(string text)
    {
        try
        {
            await _process.StandardInput.WriteAsync(text);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // it has ended
        }
    }

    /// <summary>Waits until it has shown a text.</summary>
    public Task ShowsAsync(string text) => Eventually.TrueAsync(() => Output.Contains(text, StringComparison.Ordinal) || HasExited, $"'{text}' is shown");

    public async Task<SshRun> EndAsync()
    {
        try
        {
            await _process.WaitForExitAsync(_deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _reading;
            return new SshRun(-1, Output, $"It did not end. {_errors}");
        }
        await _reading;
        return new SshRun(_process.ExitCode, Output, _errors.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _deadline.Dispose();
    }

    private static async Task ReadAsync(StreamReader from, StringBuilder into)
    {
        var buffer = new char[4096];
        while (await from.ReadAsync(buffer) is > 0 and var count)
            lock (into) into.Append(buffer, 0, count);
    }
}
