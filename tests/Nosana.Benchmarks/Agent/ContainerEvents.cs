using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Nosana.Benchmarks.Engine;
using Nosana.Node.Engine;
using Nosana.Solana.Wallet;

namespace Nosana.Benchmarks.Agent;

/// <summary>When the engine did what to the containers of jobs, by its own dates: what <c>docker events</c> says.</summary>
internal sealed class ContainerEvents : IDisposable
{
    private readonly Process _client;
    private readonly ConcurrentDictionary<(string Action, string Job), DateTimeOffset> _first = new();
    private readonly Task _reading;

    public ContainerEvents(BenchEngine engine)
    {
        _client = engine.StartShell(
            "exec docker events --filter type=container --filter \"label=$1\" --format \"{{.TimeNano}} {{.Action}} {{index .Actor.Attributes \\\"$1\\\"}}\"",
            isRead: true, EngineLabels.Job);
        _reading = ReadAsync();
    }

    /// <summary>The first <c>create</c>, <c>start</c>, <c>die</c>... of a job's containers; null when the client has told of none.</summary>
    public DateTimeOffset? First(string action, PublicKey job) => _first.TryGetValue((action, job.Key), out DateTimeOffset at) ? at : null;

    public void Dispose()
    {
        _client.Kill();
        _client.WaitForExit();
        _reading.Wait();
        _client.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _client.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] parts = line.Split(' ');
            _first.TryAdd((parts[1], parts[^1]), DateTimeOffset.UnixEpoch.AddTicks(long.Parse(parts[0], CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick));
        }
    }
}
