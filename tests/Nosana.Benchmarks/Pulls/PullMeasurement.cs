using System.Diagnostics;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Benchmarks.Engine;
using Nosana.Benchmarks.Figures;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Engine.Registry;

namespace Nosana.Benchmarks.Pulls;

/// <summary>Our pull beside <c>docker pull</c>: the same image from the same registry in turns, removed after each.</summary>
internal static class PullMeasurement
{
    /// <summary>The bytes go through the agent.</summary>
    private const double AllowedRatio = 1.05;

    /// <param name="rounds">Pulls of each side.</param>
    /// <param name="mebibytes">Size of the image.</param>
    /// <param name="layers">Of one size each.</param>
    public static async Task<int> RunAsync(int rounds, int mebibytes, int layers)
    {
        using var engine = new BenchEngine();
        string image = await RandomImage.PushAsync(engine, mebibytes, layers);
        var accounts = new DockerConfigFile("/nonexistent/config.json");
        var options = new RegistryOptions { Named = [BenchEngine.Registry] };
        var places = new RegistryPlaces(engine.Client, options, accounts);
        var policy = new AddressPolicy(new EgressGuard(TimeProvider.System), new RefusedRanges([]), TimeProvider.System);
        using var http = new RegistryHttp(policy.ConnectAsync, options, TimeProvider.System);
        await using var endpoint = new PullEndpoint(options, new EngineDisk(engine.Client, isHere: true), NullLoggerFactory.Instance);
        var delivery = new RegistryDelivery(
            engine.Client, new RegistryClient(http, places), places, endpoint, new EngineDelivery(engine.Client, accounts), policy, isHere: true,
            NullLogger<RegistryDelivery>.Instance);
        using var puller = new ImagePuller(engine.Client, delivery, new PullOptions(), NullLogger<ImagePuller>.Instance);
        Samples ours = new(), docker = new(), ratios = new();
        for (int round = -1; round < rounds; round++)
        {
            double us = 0, them = 0;
            for (int turn = 0; turn < 2; turn++)
            {
                if ((round + turn) % 2 == 0) us = await TimeAsync(engine, OwnNames.Of(ImageReference.Parse(image)), () => puller.PullAsync(image, progress: new Progress()));
                else them = await TimeAsync(engine, image, () => engine.ShellAsync("exec docker pull \"$1\" >/dev/null", image));
            }
            if (round < 0) continue; // the registry's files were not in the machine's memory yet
            ours.Add(us);
            docker.Add(them);
            ratios.Add(us / them);
        }
        var table = new FigureTable($"pull of {mebibytes} MiB in {layers} layers, {rounds} each", "docker pull", "ours/theirs");
        table.RatioAtMost("median", ours.Median, docker.Median, AllowedRatio, "s");
        Console.WriteLine(FormattableString.Invariant($"(median of the rounds' own ratios: {ratios.Median:0.000})"));
        return table.Holds ? 0 : 1;
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
