using System.Globalization;
using Nosana.Benchmarks.Engine;
using Nosana.Benchmarks.Figures;

namespace Nosana.Benchmarks.Output;

/// <summary>
/// Our capture beside <c>docker logs --follow</c> into a file, on the same containers: both at once while one prints, and in turns on one that
/// has printed and lives on, where the engine is as fast as it can be.
/// </summary>
internal static class FollowMeasurement
{
    private const double AllowedRatio = 0.8;

    /// <summary>Time for both to attach before the first line.</summary>
    private const int SecondsBefore = 2;

    /// <param name="rounds">Containers of each kind.</param>
    /// <param name="lines">Lines that each prints.</param>
    public static async Task<bool> RunAsync(int rounds, int lines)
    {
        using var engine = new BenchEngine();
        await engine.PullImageAsync();
        Samples live = new(), liveDocker = new(), read = new(), readDocker = new();
        string expected = CountingContainer.Sha256Of(lines);
        int whole = 0, wholeDocker = 0;

        void Count(Samples ours, Samples dockers, Following us, Following docker, double before)
        {
            ours.Add(lines / (us.Time.TotalSeconds - before));
            dockers.Add(lines / (docker.Time.TotalSeconds - before));
            if (us.Lines == lines && us.Sha256 == expected) whole++;
            if (docker.Lines == lines && docker.Sha256 == expected) wholeDocker++;
        }

        for (int round = 0; round < rounds; round++)
        {
            await using (CountingContainer container = await CountingContainer.StartAsync(engine, lines, $"sleep {SecondsBefore}", "true"))
            {
                using var followers = new Followers(engine, container, lines);
                Task<Following> ours = followers.CaptureAsync(untilExit: true), docker = followers.DockerAsync(untilExit: true);
                Count(live, liveDocker, await ours, await docker, SecondsBefore);
            }
            await using (CountingContainer container = await CountingContainer.StartAsync(engine, lines, "true", "sleep infinity"))
            {
                using var followers = new Followers(engine, container, lines);
                await followers.CaptureAsync(untilExit: false); // until it has printed, and all of it is in the machine's memory
                Following? ours = null, docker = null;
                for (int turn = 0; turn < 2; turn++)
                {
                    if ((round + turn) % 2 == 0) ours = await followers.CaptureAsync(untilExit: false);
                    else docker = await followers.DockerAsync(untilExit: false);
                }
                Count(read, readDocker, ours!, docker!, 0);
            }
        }
        var table = new FigureTable(string.Create(CultureInfo.InvariantCulture, $"logs, {rounds} x {lines:N0} lines"), "docker logs", "ours/theirs");
        table.RatioAtLeast("while the container prints, lines", live.Median, liveDocker.Median, AllowedRatio, "/s");
        table.RatioAtLeast("of a container that has printed, lines", read.Median, readDocker.Median, AllowedRatio, "/s");
        table.Fact("count and digest of our lines are the container's", $"{whole} of {2 * rounds}", whole == 2 * rounds);
        if (wholeDocker < 2 * rounds) Console.WriteLine($"(those of docker logs: {wholeDocker} of {2 * rounds})");
        return table.Holds;
    }
}
