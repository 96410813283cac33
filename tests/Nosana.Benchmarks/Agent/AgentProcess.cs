using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Nosana.Benchmarks.Engine;
using Nosana.Solana.Wallet;

namespace Nosana.Benchmarks.Agent;

/// <summary><c>nosana-node start</c> as a process of its own, the build that lies beside this program; its log says when it did what.</summary>
internal sealed class AgentProcess : IDisposable
{
    /// <summary>"New run", of <c>RunSession</c>.</summary>
    public const int NewRun = 460;

    /// <summary>"The node's API is at", of <c>ApiServer</c>.</summary>
    private const int ApiStarted = 6201;

    private const int KeptLines = 40;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _last = [];
    private readonly ConcurrentDictionary<(int Event, string Job), DateTimeOffset> _first = new();
    private readonly Task _reading;
    private bool _isDisposed;

    public AgentProcess(BenchMarket market, BenchEngine engine)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "nosana-node"),
        [
            "start", "--localnet", market.InfoFile, "--key", market.HostKey, "--docker", engine.Client.Endpoint.OriginalString,
            "--state", market.StateDirectory, "--expose-port", "0", "--api-port", "0", "--log-format", "json",
        ])
        {
            WorkingDirectory = market.Directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // No setting of whoever measures reaches it.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("NOSANA_", StringComparison.Ordinal) || name is "DOCKER_HOST" or "JOURNAL_STREAM" or "NOTIFY_SOCKET").ToArray())
            start.Environment.Remove(name);
        start.Environment["NOSANA_REGISTRY"] = BenchEngine.Registry;
        start.Environment["HOME"] = start.Environment["TMPDIR"] = market.Directory;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    /// <summary>Polls until it is true, for two minutes at most; says what the agent said when it does not become true.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        long began = Stopwatch.GetTimestamp();
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(2))
                throw new TimeoutException($"Did not happen: {what}. The agent {(_process.HasExited ? "has ended" : "runs")}; its last lines:\n{string.Join('\n', _last)}");
            await looks.WaitForNextTickAsync();
        }
    }

    /// <summary>When it first logged an event of a job, by its own clock; null when it has not.</summary>
    public DateTimeOffset? FirstLog(int eventId, PublicKey job) => _first.TryGetValue((eventId, job.Key), out DateTimeOffset at) ? at : null;

    /// <summary>Resident memory as the kernel counts it (VmRSS of proc(5)), in MiB.</summary>
    public double ResidentMebibytes()
    {
        string line = File.ReadLines($"{Proc}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024.0;
    }

    /// <summary>Where its API is, once it listens.</summary>
    public Uri? Api { get; private set; }

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan Cpu()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>Open files, sockets and the like.</summary>
    public int Descriptors() => Directory.GetFileSystemEntries($"{Proc}/fd").Length;

    public int Threads() => Directory.GetDirectories($"{Proc}/task").Length;

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _reading.Wait();
        _process.Dispose();
    }

    private string Proc => string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}");

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _last.Enqueue(line);
            if (_last.Count > KeptLines) _last.TryDequeue(out _);
            if (!line.StartsWith('{')) continue; // what the runtime says when it dies
            using JsonDocument entry = JsonDocument.Parse(line);
            if (!entry.RootElement.TryGetProperty("EventId", out JsonElement id) || !id.TryGetProperty("Id", out JsonElement number)) continue;
            if (number.GetInt32() == ApiStarted) Api = new Uri(entry.RootElement.GetProperty("Address").GetString()!);
            if (!entry.RootElement.TryGetProperty("job", out JsonElement job)) continue;
            _first.TryAdd((number.GetInt32(), job.GetString()!), entry.RootElement.GetProperty("@t").GetDateTimeOffset());
        }
    }
}
