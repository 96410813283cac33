using System.Globalization;

namespace Nosana.EndToEnd.Tests.Support;

/// <summary>The most memory that a process has had, as the kernel counts it (VmHWM of proc(5)); read until it is gone, since its page goes with it.</summary>
internal static class PeakMemory
{
    /// <returns>Bytes, once the process has ended.</returns>
    public static async Task<long> OfAsync(int process, Task ended)
    {
        long peak = 0;
        await Sampling.UntilAsync(ended, () => peak = Math.Max(peak, Read(process)));
        return peak;
    }

    private static long Read(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // it has ended in this moment
        }
    }
}
