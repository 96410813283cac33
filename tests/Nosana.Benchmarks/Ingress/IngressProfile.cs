using System.Globalization;
using Microsoft.Diagnostics.Tracing.Etlx;

namespace Nosana.Benchmarks.Ingress;

/// <summary>
/// Where the ingress spends its time: the runtime's own samples of what its threads do, each counted for the innermost part of the program on its stack.
/// Threads that wait are left out. The runtime takes samples where its collector could stop a thread, so that short work between two system calls shows
/// as less than it is: the shares are to be read with the processor times beside them.
/// </summary>
internal static class IngressProfile
{
    /// <summary>The sample profiler, and what names the methods in its stacks: JIT, loader and rundown events.</summary>
    public const string Providers = "Microsoft-DotNETCore-SampleProfiler:0:5,Microsoft-Windows-DotNETRuntime:4C14FCCBD:5";

    private const string Sampler = "Microsoft-DotNETCore-SampleProfiler";

    private static readonly (string Part, string[] Begins)[] s_parts =
    [
        ("the ingress's own", ["Nosana.Node"]),
        ("YARP", ["Yarp."]),
        ("HTTP client to the container", ["System.Net.Http"]),
        ("HTTP server to the client", ["Microsoft.AspNetCore", "Microsoft.Extensions"]),
        ("sockets and their system calls", ["System.Net.Sockets"]),
    ];

    /// <summary>The innermost method of a thread that waits for work, or spins for a moment before it does.</summary>
    private static readonly string[] s_waits =
    [
        "System.Threading.LowLevelLifoSemaphore", "System.Threading.LowLevelSpinWaiter", "System.Threading.PortableThreadPool+WorkerThread.WorkerThreadStart",
        "System.Threading.Monitor.Wait", "System.Threading.WaitHandle", "System.Net.Sockets.SocketAsyncEngine.EventLoop", "Interop+Sys.Read(",
    ];

    public static async Task PrintAsync(Uri container, int connections, TimeSpan time)
    {
        string directory = Directory.CreateTempSubdirectory("nosana-profile-").FullName, trace = Path.Combine(directory, "ours.nettrace");
        try
        {
            using (ServedProcess ours = ServedProcess.Start("ours", container, trace))
            {
                await new LoadGenerator(ours.Port).SaturateAsync(connections, time);
                ours.End();
            }
            Print(trace);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Print(string trace)
    {
        var counts = new Dictionary<string, int>();
        using (TraceLog log = TraceLog.OpenOrConvert(TraceLog.CreateFromEventPipeDataFile(trace)))
            foreach (Microsoft.Diagnostics.Tracing.TraceEvent sample in log.Events.Where(one => one.ProviderName == Sampler))
                if (PartOf(sample.CallStack()) is { } part) counts[part] = counts.GetValueOrDefault(part) + 1;
        double all = Math.Max(1, counts.Values.Sum());
        Console.WriteLine();
        Console.WriteLine("where the ingress's threads are, of those that do not wait");
        foreach ((string part, int count) in counts.OrderByDescending(row => row.Value))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {part,-44}{100 * count / all,9:0} %"));
    }

    /// <returns>Null for a thread that waits.</returns>
    private static string? PartOf(TraceCallStack? stack)
    {
        bool isLeaf = true;
        for (; stack is not null; stack = stack.Caller)
        {
            string method = stack.CodeAddress.FullMethodName;
            if (method.Length == 0) continue;
            if (isLeaf && s_waits.Any(wait => method.StartsWith(wait, StringComparison.Ordinal))) return null;
            isLeaf = false;
            foreach ((string part, string[] begins) in s_parts)
                if (begins.Any(begin => method.StartsWith(begin, StringComparison.Ordinal))) return part;
        }
        return isLeaf ? null : "the runtime itself";
    }
}
