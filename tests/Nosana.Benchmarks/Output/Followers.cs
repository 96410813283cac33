using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Benchmarks.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Logs;

namespace Nosana.Benchmarks.Output;

/// <summary>Our capture and <c>docker logs --follow</c> on one container, each into a place of its own; both are timed from their start.</summary>
internal sealed class Followers(BenchEngine engine, CountingContainer container, int lines) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2), Patience = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("nosana-bench-follow-");

    /// <summary>Captures until the container has ended, or, for one that lives on, until all its lines are stored.</summary>
    public async Task<Following> CaptureAsync(bool untilExit)
    {
        long began = Stopwatch.GetTimestamp();
        using var store = new LogStore(Path.Combine(_directory.FullName, "store"), new LogOptions());
        OpLog log = store.OpenOrCreate("bench", Guid.NewGuid().ToString("N"));
        using var leave = new CancellationTokenSource();
        var capture = new LogCapture(log, (request, token) => container.Runtime.OpenLogsAsync(container.Id, request.Since, request.Follow, request.Tail, token), new HardeningProfile().LogFileBytes, NullLogger<LogCapture>.Instance);
        Task exited = untilExit ? container.Runtime.WaitAsync(container.Id, leave.Token) : Task.Delay(Timeout.Infinite, leave.Token);
        Task<int> capturing = Task.Run(() => capture.RunAsync(exited, leave.Token));
        if (untilExit) await capturing;
        else await UntilAsync(() => log.EntryCount >= lines || capturing.IsCompleted);
        TimeSpan time = Stopwatch.GetElapsedTime(began);
        await leave.CancelAsync();
        await capturing.ContinueWith(static _ => { }, TaskScheduler.Default);
        return new Following(time, log.Totals.Lines, log.Totals.Sha256);
    }

    /// <summary>The same by Docker's own client into a file.</summary>
    public async Task<Following> DockerAsync(bool untilExit)
    {
        string file = Path.Combine(_directory.FullName, Guid.NewGuid().ToString("N"));
        await File.WriteAllBytesAsync(file, []);
        long began = Stopwatch.GetTimestamp();
        using Process client = engine.StartShell("exec docker logs --follow \"$1\" > \"$2\"", container.Id, file);
        if (untilExit) await client.WaitForExitAsync();
        else await UntilAsync(() => new FileInfo(file).Length >= CountingContainer.BytesOf(lines) || client.HasExited);
        TimeSpan time = Stopwatch.GetElapsedTime(began);
        if (!client.HasExited) client.Kill();
        await client.WaitForExitAsync();
        byte[] output = await File.ReadAllBytesAsync(file);
        return new Following(time, output.AsSpan().Count((byte)'\n'), Convert.ToHexStringLower(SHA256.HashData(output)));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static async Task UntilAsync(Func<bool> done)
    {
        long began = Stopwatch.GetTimestamp();
        while (!done())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience) throw new TimeoutException($"The container's lines did not all come within {Patience}.");
            await Task.Delay(Pause);
        }
    }
}
