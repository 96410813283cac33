using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nosana.Node.Api.Statistics;

/// <summary>What a container used at a moment.</summary>
/// <param name="Time">Unix milliseconds, by the engine.</param>
/// <param name="Cpu">Percent of one CPU: with several it may be more than 100.</param>
/// <param name="MemoryMib">Without what the kernel can take back (page cache).</param>
/// <param name="MemoryLimitGib">What it may use.</param>
/// <param name="ReadMib">From disks since it began to run; those below likewise.</param>
internal readonly record struct TaskStatistic(
    long Time, double Cpu, double MemoryMib, double MemoryLimitGib, double MemoryPercent, double ReadMib, double WrittenMib, double ReceivedMib, double SentMib)
{
    private const double Mib = 1L << 20, Gib = 1L << 30;

    /// <summary>Reads a line of the engine's. What an engine leaves out is 0; null for what is no line of a running container.</summary>
    public static TaskStatistic? Read(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return null; // half a line of an engine that goes away; the next ones are read
        }
    }

    public JsonObject ToJson(string op) => new()
    {
        ["opId"] = op,
        ["timestamp"] = Time,
        ["cpu"] = new JsonObject { ["cpu_percent"] = Cpu },
        ["memory"] = new JsonObject { ["memory_usage"] = MemoryMib, ["memory_limit"] = MemoryLimitGib, ["memory_percent"] = MemoryPercent },
        ["disk"] = new JsonObject { ["read"] = ReadMib, ["write"] = WrittenMib },
        ["network"] = new JsonObject { ["received"] = ReceivedMib, ["sent"] = SentMib },
    };

    private static TaskStatistic? Read(JsonElement root)
    {
        // Before the first and after the last moment of a container there is no number of its CPUs' time.
        if (!DateTimeOffset.TryParse(At(root, "read").ToString(), CultureInfo.InvariantCulture, out DateTimeOffset read) || read.Year < 2000) return null;
        JsonElement cpu = At(root, "cpu_stats"), before = At(root, "precpu_stats"), memory = At(root, "memory_stats");
        double used = Number(cpu, "cpu_usage", "total_usage") - Number(before, "cpu_usage", "total_usage");
        double system = Number(cpu, "system_cpu_usage") - Number(before, "system_cpu_usage");
        double cpus = Number(cpu, "online_cpus");
        if (cpus == 0 && At(At(cpu, "cpu_usage"), "percpu_usage") is { ValueKind: JsonValueKind.Array } each) cpus = each.GetArrayLength();
        bool isFirst = Number(before, "system_cpu_usage") == 0; // nothing to compare with yet
        double usage = Math.Max(0, Number(memory, "usage") - Number(memory, "stats", "inactive_file")), limit = Number(memory, "limit");
        (double received, double sent) = Network(At(root, "networks"));
        (double readBytes, double written) = Disk(At(At(root, "blkio_stats"), "io_service_bytes_recursive"));
        return new TaskStatistic(
            read.ToUnixTimeMilliseconds(), !isFirst && used > 0 && system > 0 ? Round(used / system * cpus * 100) : 0,
            Round(usage / Mib), Round(limit / Gib), limit > 0 ? Round(usage / limit * 100) : 0,
            Round(readBytes / Mib), Round(written / Mib), Round(received / Mib), Round(sent / Mib));
    }

    private static (double Received, double Sent) Network(JsonElement networks)
    {
        double received = 0, sent = 0;
        if (networks.ValueKind != JsonValueKind.Object) return (0, 0);
        foreach (JsonProperty network in networks.EnumerateObject())
        {
            received += Number(network.Value, "rx_bytes");
            sent += Number(network.Value, "tx_bytes");
        }
        return (received, sent);
    }

    private static (double Read, double Written) Disk(JsonElement entries)
    {
        double read = 0, written = 0;
        if (entries.ValueKind != JsonValueKind.Array) return (0, 0);
        foreach (JsonElement entry in entries.EnumerateArray())
        {
            string op = At(entry, "op").ToString();
            if (op.Equals("read", StringComparison.OrdinalIgnoreCase)) read += Number(entry, "value");
            else if (op.Equals("write", StringComparison.OrdinalIgnoreCase)) written += Number(entry, "value");
        }
        return (read, written);
    }

    private static JsonElement At(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement found) ? found : default;

    private static double Number(JsonElement of, params ReadOnlySpan<string> path)
    {
        foreach (string name in path) of = At(of, name);
        return of.ValueKind == JsonValueKind.Number ? of.GetDouble() : 0;
    }

    private static double Round(double value) => Math.Round(value, 2);
}
