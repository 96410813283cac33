using System.Diagnostics;
using System.Globalization;

namespace Nosana.Benchmarks.LocalNet;

/// <summary>
/// The queue's calls on networks that hold 1,000, 10,000 and 100,000 jobs and as many queued hosts as a market takes, over HTTP as any client
/// calls them. The networks take turns, so that a busy machine slows all of them alike; what counts is their ratio.
/// </summary>
internal static class QueueMeasurement
{
    /// <summary>Indexes, not scans: a call may cost so much more on the largest network than on the smallest.</summary>
    private const double AllowedRatio = 1.5;

    private const int WarmUp = 30;
    private const int ThroughputTransactions = 400;
    private const int Senders = 4;

    private static readonly int[] s_jobs = [1_000, 10_000, 100_000];

    /// <param name="rounds">Measured turns of every network.</param>
    public static async Task<int> RunAsync(int rounds)
    {
        var networks = new List<CrowdedNetwork>();
        try
        {
            foreach (int jobs in s_jobs)
            {
                long began = Stopwatch.GetTimestamp();
                networks.Add(await CrowdedNetwork.StartAsync(jobs));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{jobs,7:N0} jobs, {networks[^1].QueuedHosts} queued hosts: made in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s"));
            }
            for (int round = 0; round < WarmUp; round++)
                foreach (CrowdedNetwork network in networks) await network.TurnAsync(null);
            var times = networks.ToDictionary(network => network, _ => new CallTimes());
            for (int round = 0; round < rounds; round++)
                foreach (CrowdedNetwork network in networks) await network.TurnAsync(times[network]);

            bool within = Print([.. networks.Select(network => times[network])]);
            foreach (CrowdedNetwork network in networks)
            {
                double each = await network.ThroughputAsync(ThroughputTransactions, Senders);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{network.Jobs,7:N0} jobs: {each,7:N0} transactions/s (list, {Senders} senders, signatures checked)"));
            }
            return within ? 0 : 1;
        }
        finally
        {
            foreach (CrowdedNetwork network in networks) await network.DisposeAsync();
        }
    }

    private static bool Print(CallTimes[] times)
    {
        Console.WriteLine();
        Console.WriteLine($"{"p50, microseconds",-28}{string.Concat(s_jobs.Select(jobs => jobs.ToString("N0", CultureInfo.InvariantCulture).PadLeft(10)))}{"largest/smallest",18}");
        bool within = true;
        foreach (string call in times[0].Calls)
        {
            double[] medians = [.. times.Select(time => time.MedianMicroseconds(call))];
            double ratio = medians.Max() / medians.Min();
            within &= ratio <= AllowedRatio;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{call,-28}{string.Concat(medians.Select(median => median.ToString("F0", CultureInfo.InvariantCulture).PadLeft(10)))}{ratio,18:F2}"));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"within {AllowedRatio} x of one another: {(within ? "yes" : "NO")}"));
        Console.WriteLine();
        return within;
    }
}
