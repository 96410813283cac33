using System.Diagnostics;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Benchmarks.Engine;
using Nosana.Benchmarks.Figures;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;

namespace Nosana.Benchmarks.Pulls;

/// <summary>Our pull beside <c>docker pull</c>: the same image from the same registry in turns, removed after each.</summary>
internal static class PullMeasurement
{
    private const double AllowedRatio = 1.03;

    /// <param name="rounds">Pulls of each side.</param>
    /// <param name="mebibytes">Size of the image.</param>
    public static async Task<int> RunAsync(int rounds, int mebibytes)
    {
        using var engine = new BenchEngine();
        string image = await RandomImage.PushAsync(engine, mebibytes);
        Samples ours = new(), docker = new(), ratios = new();
        for (int round = -1; round < rounds; round++)
        {
            double us = 0, them = 0;
            for (int turn = 0; turn < 2; turn++)
            {
                if ((round + turn) % 2 == 0) us = await TimeAsync(engine, image, () => PullAsync(engine, image));
                else them = await TimeAsync(engine, image, () => engine.ShellAsync("exec docker pull \"$1\" >/dev/null", image));
            }
            if (round < 0) continue; // the registry's files were not in the machine's memory yet
            ours.Add(us);
            docker.Add(them);
            ratios.Add(us / them);
        }
        var table = new FigureTable($"pull of {mebibytes} MiB, {rounds} each", "docker pull", "ours/theirs");
        table.RatioAtMost("median", ours.Median, docker.Median, AllowedRatio, "s");
        Console.WriteLine(FormattableString.Invariant($"(median of the rounds' own ratios: {ratios.Median:0.000})"));
        return table.Holds ? 0 : 1;
    }

    private static async Task PullAsync(BenchEngine engine, string image)
    {
        using var puller = new ImagePuller(engine.Client, new PullOptions(), new DockerConfigFile("/nonexistent/config.json"), NullLogger<ImagePuller>.Instance);
        await puller.PullAsync(image, progress: new Progress());
    }

    /// <summary>Seconds.</summary>
    private static async Task<double> TimeAsync(BenchEngine engine, string image, Func<Task> pull)
    {
        long began = Stopwatch.GetTimestamp();
        await pull();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await engine.Client.DeleteImageAsync(image, new ImageDeleteParameters());
        return seconds;
    }

    private sealed class Progress : IProgress<PullProgress>
    {
        public void Report(PullProgress value)
        {
        }
    }
}
