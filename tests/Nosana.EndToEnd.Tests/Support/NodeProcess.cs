using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Support;

/// <summary>
/// <c>nosana-node</c> as a child process, the way a person starts it: its own program file, its own home. Lines of both outputs are kept
/// with the moment they came.
/// </summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    /// <summary>For anything that must happen: far beyond what an idle machine needs.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private const int Sighup = 1, Sigint = 2, Sigquit = 3, Sigkill = 9, Sigterm = 15;

    private readonly Process _process;
    private readonly List<Line> _lines = [];
    private readonly StringBuilder _output = new();
    private readonly Lock _lock = new();
    private readonly Task _reading;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, isOutput: true), ReadAsync(process.StandardError, isOutput: false));
    }

    /// <param name="At">When it was read.</param>
    /// <param name="Text">Without its newline.</param>
    internal sealed record Line(DateTimeOffset At, string Text);

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Lines of both outputs so far.</summary>
    public IReadOnlyList<Line> Lines
    {
        get { lock (_lock) return [.. _lines]; }
    }

    /// <summary>Both outputs so far.</summary>
    public string Text => string.Join('\n', Lines.Select(line => line.Text));

    /// <summary>The standard output so far.</summary>
    public string Output
    {
        get { lock (_lock) return _output.ToString(); }
    }

    /// <summary>Starts it.</summary>
    /// <param name="home">Its home, its temporary folder and its working directory.</param>
    /// <param name="arguments">Verb and options.</param>
    public static NodeProcess Start(string home, params IEnumerable<string> arguments) => Start(home, null, arguments);

    /// <summary>Starts it on a machine with GPUs.</summary>
    /// <param name="home">Its home, its temporary folder and its working directory.</param>
    /// <param name="gpus">What it takes for the driver's library; null is whatever the machine has.</param>
    /// <param name="arguments">Verb and options.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="notifySocket">Where a service manager listens; null is none.</param>
    /// <param name="environment">Further variables.</param>
    /// <param name="through">A command that runs what follows it; null runs the program itself.</param>
    public static NodeProcess Start(
        string home, FakeNvidia? gpus, IEnumerable<string> arguments, string input = "", string? notifySocket = null, IReadOnlyList<string>? through = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] line = [.. through ?? [], Path.Combine(AppContext.BaseDirectory, "nosana-node"), .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // No setting of whoever runs the tests reaches it.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("NOSANA_", StringComparison.Ordinal) || name is "DOCKER_HOST" or "JOURNAL_STREAM" or "NOTIFY_SOCKET").ToArray())
            start.Environment.Remove(name);
        // The operator of these tests names the registry of the run.
        if (Environment.GetEnvironmentVariable("NOSANA_TEST_REGISTRY") is { } registry) start.Environment["NOSANA_REGISTRY"] = registry;
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        if (gpus is not null) start.Environment["LD_LIBRARY_PATH"] = Path.GetDirectoryName(gpus.Library);
        if (notifySocket is not null) start.Environment["NOTIFY_SOCKET"] = notifySocket;
        start.Environment["HOME"] = start.Environment["TMPDIR"] = home;
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var started = new NodeProcess(process);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return started;
    }

    /// <summary>Starts <c>run</c> with a definition, which it leaves in the home.</summary>
    /// <param name="home">Its home, its temporary folder and its working directory.</param>
    /// <param name="definition">In JSON.</param>
    /// <param name="engine">The engine's address.</param>
    /// <param name="options">More options.</param>
    public static NodeProcess StartRun(string home, string definition, Uri engine, params IEnumerable<string> options) =>
        Start(home, ["run", Write(home, definition), "--docker", engine.OriginalString, .. options]);

    /// <summary>Leaves a definition in a home.</summary>
    /// <returns>The file.</returns>
    public static string Write(string home, string definition)
    {
        string file = Path.Combine(home, "definition.json");
        File.WriteAllText(file, definition);
        return file;
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Text)> RunAsync(string home, params IEnumerable<string> arguments)
    {
        await using NodeProcess process = Start(home, arguments);
        int code = await process.ExitAsync();
        return (code, process.Output, process.Text);
    }

    /// <summary>The first line from the given one on that contains a text, waited for.</summary>
    /// <param name="part">What it contains.</param>
    /// <param name="from">Index of the first line to look at.</param>
    /// <param name="within">Where <see cref="Deadline"/> is too short for what comes before it.</param>
    public async Task<Line> LineAsync(string part, int from = 0, TimeSpan? within = null)
    {
        long began = Stopwatch.GetTimestamp();
        for (int next = from; ;)
        {
            Task changed;
            lock (_lock)
            {
                for (; next < _lines.Count; next++)
                    if (_lines[next].Text.Contains(part, StringComparison.Ordinal)) return _lines[next];
                changed = _changed.Task;
            }
            TimeSpan left = (within ?? Deadline) - Stopwatch.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || _reading.IsCompleted) throw new TimeoutException($"No line with '{part}' in the output of nosana-node:\n{Text}");
            await Task.WhenAny(changed, _reading, Task.Delay(left, TestContext.Current.CancellationToken));
        }
    }

    /// <summary>Waits for its end, whatever brings it.</summary>
    /// <param name="within">Where <see cref="Deadline"/> is too short for what it does.</param>
    public async Task<int> ExitAsync(TimeSpan? within = null)
    {
        TimeSpan limit = within ?? Deadline;
        try
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"nosana-node did not end within {limit.TotalSeconds} s:\n{Text}");
        }
        await _reading;
        return _process.ExitCode;
    }

    public void Interrupt() => Signal(Sigint);

    public void Terminate() => Signal(Sigterm);

    public void Quit() => Signal(Sigquit);

    public void Hangup() => Signal(Sighup);

    /// <summary>As a power cut: nothing of it gets a chance to say goodbye.</summary>
    public async Task KillAsync()
    {
        Signal(Sigkill);
        await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(Sigkill);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        await _reading;
        _process.Dispose();
    }

    private void Signal(int signal)
    {
        if (kill(_process.Id, signal) != 0 && !_process.HasExited) throw new InvalidOperationException($"Signal {signal} did not reach process {_process.Id}.");
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int kill(int pid, int signal);

    private async Task ReadAsync(StreamReader reader, bool isOutput)
    {
        while (await reader.ReadLineAsync() is { } text)
        {
            TaskCompletionSource changed;
            lock (_lock)
            {
                _lines.Add(new Line(DateTimeOffset.UtcNow, text));
                if (isOutput) _output.AppendLine(text);
                changed = _changed;
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            changed.SetResult();
        }
    }
}
