using System.Diagnostics;
using System.Text;
using Nosana.Node.Files;
using Nosana.Node.Ssh.Process;
using OsProcess = System.Diagnostics.Process;

namespace Nosana.Node.Ssh.Server;

/// <summary>The SSH process as the agent sees it: started with nothing of the agent's but the SSH host key, ended by closing its standard input.</summary>
internal sealed partial class SshChild(SshOptions options, ILogger<SshChild> logger)
{
    /// <summary>Of a socket's address, with the zero at its end (unix(7)).</summary>
    private const int MaxSocketPath = 107;

    /// <summary>A line of the process's is no longer, and so many are passed on: it may be a stranger's who writes.</summary>
    private const int MaxLine = 2000, MaxLines = 200;

    private static readonly TimeSpan s_longestEnd = TimeSpan.FromSeconds(2);

    private readonly string _directory = Path.Combine(Path.GetFullPath(options.StateDirectory), "ssh");
    private volatile OsProcess? _process;

    /// <summary>Where it takes connections.</summary>
    public string SocketPath => SshProcess.SocketIn(_directory);

    /// <summary>Its number while it takes connections; null else.</summary>
    public int? Pid { get; private set; }

    /// <summary>Ends a process that does not answer; it is started again.</summary>
    public void Kill() => _process?.Kill();

    /// <returns>Why it cannot be started; null when it can be.</returns>
    public string? Fault() => Encoding.UTF8.GetByteCount(SocketPath) > MaxSocketPath
        ? $"the path {SocketPath} is longer than a socket's may be: choose a --state directory with a shorter one"
        : null;

    /// <summary>Runs it until it ends, by itself or by the token.</summary>
    /// <param name="ready">Called when it takes connections.</param>
    /// <returns>The last line that it said.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public async Task<string> RunAsync(string hostKey, Action ready, CancellationToken stop)
    {
        PrivateFiles.CreateDirectory(_directory);
        var start = new ProcessStartInfo(options.Program[0])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        foreach (string word in options.Program.Skip(1).Append(_directory)) start.ArgumentList.Add(word);
        start.Environment.Clear();
        foreach ((string name, string value) in options.Environment) start.Environment[name] = value;
        using OsProcess process = OsProcess.Start(start)!;
        string last = "";
        _process = process;
        try
        {
            await process.StandardInput.WriteAsync((hostKey + '\0').AsMemory(), stop);
            await process.StandardInput.FlushAsync(stop);
            int lines = 0;
            await foreach (string line in LinesAsync(process.StandardError.BaseStream, stop))
            {
                if (line == SshProcess.Ready)
                {
                    Pid = process.Id;
                    ready();
                }
                else if (++lines <= MaxLines) LogSaid(last = line);
            }
            await process.WaitForExitAsync(stop);
        }
        catch (IOException e)
        {
            last = e.Message; // it ended before it had read its key
        }
        finally
        {
            Pid = null;
            _process = null;
            await EndAsync(process);
        }
        return last.Length > 0 ? last : $"it ended with {process.ExitCode}";
    }

    private static async Task EndAsync(OsProcess process)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it has ended
        }
        using var limit = new CancellationTokenSource(s_longestEnd);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async IAsyncEnumerable<string> LinesAsync(Stream stream, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var buffer = new byte[MaxLine];
        int have = 0;
        while (await stream.ReadAsync(buffer.AsMemory(have), stop) is > 0 and var count)
        {
            have += count;
            int end;
            while ((end = buffer.AsSpan(0, have).IndexOf((byte)'\n')) >= 0 || have == buffer.Length)
            {
                int length = end >= 0 ? end : have, taken = Math.Min(length + 1, have);
                yield return Encoding.UTF8.GetString(buffer, 0, length);
                buffer.AsSpan(taken, have - taken).CopyTo(buffer);
                have -= taken;
            }
        }
    }

    [LoggerMessage(7030, LogLevel.Warning, "The SSH process says: {Line}")]
    private partial void LogSaid(string line);
}
