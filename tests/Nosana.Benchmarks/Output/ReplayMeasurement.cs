using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Benchmarks.Figures;
using Nosana.Docker;
using Nosana.Node.Logs;

namespace Nosana.Benchmarks.Output;

/// <summary>A frame stream without an engine goes through the capture into the store and to a subscriber, who hashes what he gets.</summary>
internal static class ReplayMeasurement
{
    private const double LinesPerSecond = 300_000;

    /// <summary>Flat: five times the lines may not take this much more memory.</summary>
    private const double AllowedGrowth = 32;

    private const double MiB = 1 << 20;

    private static readonly int[] s_lines = [2_000_000, 10_000_000];

    public static async Task<bool> RunAsync()
    {
        await ReplayAsync(1_000_000); // for the compiler
        var table = new FigureTable("logs, replayed frames", "", "");
        var peaks = new List<double>();
        foreach (int lines in s_lines)
        {
            Replay replay = await ReplayAsync(lines);
            string name = $"{lines / 1_000_000} million lines";
            table.AtLeast($"{name}: stored and streamed", lines / replay.Time.TotalSeconds, LinesPerSecond, "/s");
            table.Note($"{name}: processor time a million lines", replay.Processor.TotalSeconds / lines * 1e6, null, "s");
            table.Fact($"{name}: store and subscriber, counts and digests", replay.IsWhole ? "whole" : "LOST", replay.IsWhole);
            table.Note($"{name}: allocated a line", replay.Allocated / lines, null, "bytes");
            peaks.Add(replay.PeakBytes / MiB);
            table.Note($"{name}: peak of the working set", peaks[^1], null, "MiB");
        }
        table.AtMost("growth of the peak with five times the lines", peaks[^1] - peaks[0], AllowedGrowth, "MiB");
        return table.Holds;
    }

    private static async Task<Replay> ReplayAsync(int lines)
    {
        string directory = Directory.CreateTempSubdirectory("nosana-bench-logs-").FullName;
        try
        {
            using var store = new LogStore(directory, new LogOptions());
            OpLog log = store.OpenOrCreate("bench", "replay");
            var frames = new ReplayedFrames(lines);
            string expected = frames.Sha256();
            var capture = new LogCapture(log, (_, _) => Task.FromResult<MultiplexedStream?>(new MultiplexedStream(frames)), long.MaxValue, NullLogger<LogCapture>.Instance);
            using LogSubscription subscription = log.Subscribe();
            double allocated = GC.GetTotalAllocatedBytes();
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            long began = Stopwatch.GetTimestamp();
            Task<(long Lines, string Sha256)> subscriber = Task.Run(() => SubscribeAsync(subscription));
            await Task.Run(() => capture.RunAsync(Task.CompletedTask));
            log.Complete();
            (long streamed, string digest) = await subscriber;
            TimeSpan time = Stopwatch.GetElapsedTime(began);
            processor = Environment.CpuUsage.TotalTime - processor;
            LogTotals totals = log.Totals;
            bool whole = totals.Lines == frames.Lines && totals.Sha256 == expected && streamed == frames.Lines && digest == expected && subscription.Dropped == 0;
            return new Replay(time, processor, whole, GC.GetTotalAllocatedBytes() - allocated, Peak());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<(long Lines, string Sha256)> SubscribeAsync(LogSubscription subscription)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long lines = 0;
        await foreach (LogEntry entry in subscription.ReadAllAsync())
        {
            hash.AppendData(entry.Bytes.Span);
            lines++;
        }
        return (lines, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static double Peak()
    {
        using Process self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }

    private sealed record Replay(TimeSpan Time, TimeSpan Processor, bool IsWhole, double Allocated, double PeakBytes);
}
