using System.Globalization;
using System.Net.Sockets;
using Nosana.Benchmarks.Figures;

namespace Nosana.Benchmarks.Ingress;

/// <summary>
/// The ingress beside a bare YARP forwarder, Debian's nginx and no proxy at all. Container and proxies are processes of their own on loopback, and take
/// turns.
/// </summary>
internal static class IngressMeasurement
{
    private const int Connections = 64, WebSockets = 4000, Events = 300;
    private const double PacedPerSecond = 1000, TenGigabit = 1.25e9;
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(2), s_paced = TimeSpan.FromSeconds(6);

    /// <param name="rounds">Turns of each.</param>
    public static async Task<bool> RunAsync(int rounds)
    {
        Console.WriteLine($"load average at the beginning: {File.ReadAllText("/proc/loadavg").Trim()}");
        using ServedProcess container = ServedProcess.Start("container"), bare = ServedProcess.Start("bare", container.Address), ours = ServedProcess.Start("ours", container.Address);
        using ServedProcess? nginx = await ServedProcess.StartNginxAsync(container.Address);
        if (nginx is null) Console.WriteLine("nginx is not installed (Debian's nginx-light): its rows are left out");
        ServedProcess[] all = [container, bare, ours, .. nginx is null ? (ServedProcess[])[] : [nginx]];
        // Compiled, and with connections, before the first turn counts.
        foreach (ServedProcess server in all) await new LoadGenerator(server.Port).SaturateAsync(Connections, s_turn);

        bool holds = await RequestsAsync(all, rounds);
        await IngressProfile.PrintAsync(container.Address, Connections, s_paced);
        holds &= await LatencyAsync(container, ours, rounds);
        holds &= await StreamsAsync(all, rounds);
        holds &= await IdleAsync(ours);
        Console.WriteLine($"load average at the end: {File.ReadAllText("/proc/loadavg").Trim()}");
        return holds;
    }

    private static async Task<bool> RequestsAsync(ServedProcess[] all, int rounds)
    {
        var rates = all.ToDictionary(server => server.Name, _ => new Samples());
        var ratios = new Samples();
        var spent = all.ToDictionary(server => server.Name, _ => (User: 0.0, System: 0.0, Requests: 0.0));
        for (int round = 0; round < rounds; round++)
        {
            var rate = new Dictionary<string, double>();
            foreach (ServedProcess server in round % 2 == 0 ? all : all.Reverse())
            {
                (double user, double system) = server.ProcessorTime;
                double got = rate[server.Name] = await new LoadGenerator(server.Port).SaturateAsync(Connections, s_turn);
                (double userAfter, double systemAfter) = server.ProcessorTime;
                rates[server.Name].Add(got);
                (double User, double System, double Requests) sum = spent[server.Name];
                spent[server.Name] = (sum.User + userAfter - user, sum.System + systemAfter - system, sum.Requests + got * s_turn.TotalSeconds);
            }
            ratios.Add(rate["ours"] / rate["bare"]);
        }
        var table = new FigureTable(string.Create(CultureInfo.InvariantCulture, $"ingress, {Connections} connections, {rounds} rounds"), "peer", "ours/theirs");
        table.AtLeast("requests a second beside a bare YARP forwarder's", ratios.Median, 0.95, "");
        table.RatioAtLeast("medians of all rounds, a bare YARP forwarder", rates["ours"].Median, rates["bare"].Median, 0, "/s");
        // What other work on the machine changes least.
        table.RatioAtMost("processor time of a request, a bare YARP forwarder", PerRequest(spent["ours"]), PerRequest(spent["bare"]), 1 / 0.95, "us");
        table.RatioAtLeast("beside the container itself", rates["ours"].Median, rates["container"].Median, 0, "/s");
        if (rates.TryGetValue("nginx", out Samples? theirs)) table.RatioAtLeast("beside nginx, a worker for each core", rates["ours"].Median, theirs.Median, 0, "/s");
        Console.WriteLine();
        Console.WriteLine("processor time of a request, in microseconds     program       kernel");
        foreach ((string name, (double user, double system, double requests)) in spent)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-44}{user / requests * 1e6,10:0.0}{system / requests * 1e6,13:0.0}"));
        return table.Holds;
    }

    private static double PerRequest((double User, double System, double Requests) spent) => (spent.User + spent.System) / spent.Requests * 1e6;

    private static async Task<bool> LatencyAsync(ServedProcess container, ServedProcess ours, int rounds)
    {
        Samples direct = new(), through = new(), directMiddle = new(), throughMiddle = new();
        for (int round = 0; round < rounds; round++)
        {
            Samples one = await new LoadGenerator(container.Port).PaceAsync(Connections, PacedPerSecond, s_paced);
            Samples other = await new LoadGenerator(ours.Port).PaceAsync(Connections, PacedPerSecond, s_paced);
            direct.Add(one.Percentile99);
            through.Add(other.Percentile99);
            directMiddle.Add(one.Median);
            throughMiddle.Add(other.Median);
        }
        var table = new FigureTable(string.Create(CultureInfo.InvariantCulture, $"ingress, {PacedPerSecond:0} requests a second over {Connections} connections"), "direct", "added");
        table.Added("p99 of a request, median of the rounds", through.Median, direct.Median, 2, "ms");
        table.Note("p50", throughMiddle.Median, directMiddle.Median, "ms");
        return table.Holds;
    }

    private static async Task<bool> StreamsAsync(ServedProcess[] all, int rounds)
    {
        string pace = string.Create(CultureInfo.InvariantCulture, $"?{TenGigabit:0}");
        Dictionary<string, Samples> free = all.ToDictionary(server => server.Name, _ => new Samples()), paced = all.ToDictionary(server => server.Name, _ => new Samples());
        for (int round = 0; round < Math.Min(rounds, 3); round++)
        {
            foreach (ServedProcess server in all) free[server.Name].Add(await new LoadGenerator(server.Port).DownloadAsync("") / (1 << 20));
            foreach (ServedProcess server in all) paced[server.Name].Add(await new LoadGenerator(server.Port).DownloadAsync(pace) / (1 << 20));
        }
        Dictionary<string, Samples> events = [];
        foreach (ServedProcess server in all) events[server.Name] = await new LoadGenerator(server.Port).FollowEventsAsync(Events);
        var table = new FigureTable("ingress, streams", "peer", "ours/theirs");
        table.RatioAtLeast("download of 1 GiB on loopback, MiB a second; direct", free["ours"].Median, free["container"].Median, 0.95, "");
        foreach (string peer in free.Keys.Where(name => name is "bare" or "nginx"))
            table.RatioAtLeast($"the same beside {peer}", free["ours"].Median, free[peer].Median, 0, "");
        table.RatioAtLeast("download over a line of 10 Gbit/s; direct", paced["ours"].Median, paced["container"].Median, 0.95, "");
        table.AtMost("an event's first byte after its write, p99", events["ours"].Percentile99, 5, "ms");
        foreach ((string peer, Samples theirs) in events.Where(row => row.Key != "ours")) table.Note($"the same of {peer}", events["ours"].Percentile99, theirs.Percentile99, "ms");
        table.Note("p50; direct", events["ours"].Median, events["container"].Median, "ms");
        return table.Holds;
    }

    private static async Task<bool> IdleAsync(ServedProcess ours)
    {
        double before = ours.ResidentMiB;
        List<Socket> sockets = await new LoadGenerator(ours.Port).OpenWebSocketsAsync(WebSockets);
        await Task.Delay(TimeSpan.FromSeconds(5));
        double after = ours.ResidentMiB;
        foreach (Socket socket in sockets) socket.Dispose();
        var table = new FigureTable("ingress, idle WebSockets", "before", "added");
        table.Added(string.Create(CultureInfo.InvariantCulture, $"resident with {WebSockets}, MiB"), after, before, 120, "");
        return table.Holds;
    }
}
