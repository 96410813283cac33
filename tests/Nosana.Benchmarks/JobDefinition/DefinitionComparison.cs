using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Nosana.JobDefinition.Reading;
using Nosana.JobDefinition.Validation;

namespace Nosana.Benchmarks.JobDefinition;

/// <summary>Definitions per second beside @nosana/types on node: the same files, one thread each, alternating rounds.</summary>
internal static class DefinitionComparison
{
    private const string ModulesVariable = "NOSANA_TEST_NODE_MODULES";
    private const string NodeVariable = "NOSANA_TEST_NODE";
    private const int Rounds = 3;

    public static async Task<int> RunAsync(int seconds)
    {
        byte[][] corpus = CorpusDocuments.Load();
        // The first second goes to both runtimes' compilers.
        Measure(corpus, ValidationMode.Union, TimeSpan.FromSeconds(1));
        Console.WriteLine($"{corpus.Length} files, {corpus.Average(d => d.Length):0} bytes on average, one thread, best of {Rounds} rounds of {seconds} s");

        double ours = 0, strict = 0, official = 0, allocated = 0;
        string clients = Environment.GetEnvironmentVariable(ModulesVariable)
            ?? throw new InvalidOperationException($"{ModulesVariable} does not name the folder with the official clients; packaging/npm/install.sh prints it.");
        for (int round = 0; round < Rounds; round++)
        {
            (double perSecond, allocated) = Measure(corpus, ValidationMode.Union, TimeSpan.FromSeconds(seconds));
            ours = Math.Max(ours, perSecond);
            strict = Math.Max(strict, Measure(corpus, ValidationMode.Strict, TimeSpan.FromSeconds(seconds)).PerSecond);
            official = Math.Max(official, await MeasureOfficialAsync(Path.Combine(clients, "node_modules"), seconds));
        }
        Console.WriteLine(Line("ours, union", ours) + $"  {allocated:0} bytes allocated per definition");
        Console.WriteLine(Line("ours, strict", strict));
        Console.WriteLine(Line("@nosana/types on node (JSON.parse + validate)", official) + $"  ours/theirs {ours / official:0.00}");
        MeasureLarge();
        return 0;
    }

    private static (double PerSecond, double Allocated) Measure(byte[][] corpus, ValidationMode mode, TimeSpan time)
    {
        long read = 0;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
            foreach (byte[] document in corpus)
            {
                DefinitionReader.Read(document, mode);
                read++;
            }
        return (read / clock.Elapsed.TotalSeconds, (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / read);
    }

    private static async Task<double> MeasureOfficialAsync(string modules, int seconds)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable(NodeVariable) ?? "node") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "JobDefinition", "validate-speed.mjs"));
        start.ArgumentList.Add(modules);
        start.ArgumentList.Add(CorpusDocuments.Folder);
        start.ArgumentList.Add(seconds.ToString(CultureInfo.InvariantCulture));
        using Process node = Process.Start(start)!;
        string output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        using JsonDocument answer = JsonDocument.Parse(output);
        return answer.RootElement.GetProperty("perSecond").GetDouble();
    }

    private static void MeasureLarge()
    {
        byte[] large = CorpusDocuments.Large();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        DefinitionResult result = DefinitionReader.Read(large);
        Console.WriteLine($"{large.Length} bytes with {result.Definition?.Ops.Count} operations: {clock.Elapsed.TotalMilliseconds:0.0} ms, {(GC.GetAllocatedBytesForCurrentThread() - allocated) / 1024.0 / 1024.0:0.0} MiB allocated");
    }

    private static string Line(string what, double perSecond) => $"{what,-50} {perSecond,12:N0} definitions/s";
}
