using System.Net;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Engine.Registry;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Exposure;
using Nosana.Node.Exposure.Forwarding;
using Nosana.Node.HostManager;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Logs;

namespace Nosana.Node.Hosting;

/// <summary>The settings in the terms of the rooms that they are for.</summary>
internal static class SettingsUse
{
    private const double Gibibyte = 1L << 30;

    public static EngineAddress EngineAddress(this NodeSettings settings) => new(settings.Engine.Docker);

    public static RegistryAccountOptions RegistryAccounts() =>
        new() { ConfigFile = ProcessEnvironment.DockerConfigFile, HelperDirectories = ProcessEnvironment.SearchPath };

    /// <summary>What of the engine one container may use.</summary>
    public static ResourceLimits Limits(this NodeSettings settings) => new(settings.Engine.Memory, settings.Engine.Cpus, settings.Engine.Disk);

    /// <summary>Limits that the engine cannot keep, in sentences.</summary>
    public static IEnumerable<string> FaultsOf(this NodeSettings settings, ResourceLimits limits, EngineStatus engine) =>
        limits.FaultsOn(engine).Select(fault => $"{settings.NameOf(fault.Setting)} {fault.Fault}");

    /// <summary>Ranges that nothing is fetched from for a job, besides those that are never public.</summary>
    public static RefusedRanges Refused(this NodeSettings settings) => new([.. settings.Engine.Refuse.Select(IPNetwork.Parse)]);

    /// <summary>Registries that jobs may name wherever they are.</summary>
    public static RegistryOptions Registries(this NodeSettings settings) => new() { Named = settings.Engine.Registry };

    public static ImageCacheOptions ImageCache(this NodeSettings settings) => new() { CacheBytes = BytesOf(settings.Engine.ImageCacheGb) };

    /// <param name="directory">For downloads that are under way.</param>
    /// <param name="label">Who owns the cached volumes, see <see cref="ResourceOptions.Labels"/>.</param>
    public static ResourceOptions Resources(this NodeSettings settings, string directory, KeyValuePair<string, string> label) => new()
    {
        StagingDirectory = directory,
        Labels = new Dictionary<string, string>([label]),
        Mirrors = [.. settings.Engine.Mirror.Select(Mirror.Parse)],
        CacheBytes = BytesOf(settings.Engine.ResourceCacheGb),
    };

    /// <summary>What is kept of the output of jobs: of one no more than an eighth of the disk that it may use, since that counts for it.</summary>
    public static LogOptions Logs(this NodeSettings settings)
    {
        var defaults = new LogOptions();
        long store = BytesOf(settings.Host.LogsGb) ?? defaults.StoreBudgetBytes;
        long job = Math.Min(Math.Min(defaults.JobBudgetBytes, store / 4), (settings.Engine.Disk ?? long.MaxValue) / 8);
        return defaults with { StoreBudgetBytes = store, JobBudgetBytes = job };
    }

    /// <summary>What the operator says of the place; nothing is asked of strangers.</summary>
    public static HostSite Site(this NodeSettings settings) => LineSpeed.TryParse(settings.Host.Line ?? "", out LineSpeed line)
        ? new HostSite(settings.Host.Country, line.Down, line.Up)
        : new HostSite(settings.Host.Country, 0, 0);

    /// <summary>How exposed ports are served.</summary>
    /// <exception cref="CommandException">Of TLS only a part is there.</exception>
    public static Action<ExposureOptions> Exposure(this NodeSettings settings)
    {
        HostChoice host = settings.Host;
        string[] missing =
        [
            .. new[] { ("exposeTls", host.ExposeTls), ("exposeCertificate", host.ExposeCertificate), ("exposeKey", host.ExposeKey) }
                .Where(part => part.Item2 is null).Select(part => settings.NameOf(part.Item1)),
        ];
        if (missing.Length is 1 or 2)
            throw new CommandException($"For TLS on exposed ports {string.Join(" and ", missing)} must be given, too.", ExitCodes.Refused);
        var limits = new RouteLimits();
        return options =>
        {
            options.ListenTls = host.ExposeTls is { } address ? IPEndPoint.Parse(address) : null;
            (options.Certificate, options.CertificateKey) = (host.ExposeCertificate, host.ExposeKey);
            options.Trusted = [.. host.ExposeTrust.Select(IPNetwork.Parse)];
            options.Limits = new RouteLimits
            {
                Connections = host.ExposeConnections ?? limits.Connections,
                RequestsPerSecond = host.ExposeRate ?? limits.RequestsPerSecond,
                BodyBytes = host.ExposeBody,
            };
            options.MostConnections = Math.Max(options.MostConnections, 2L * options.Limits.Connections);
            options.AccessLog = host.ExposeLog;
        };
    }

    public static IPEndPoint OnLoopback(int port) => new(IPAddress.Loopback, port);

    private static long? BytesOf(double? gibibytes) => gibibytes is { } number ? (long)(number * Gibibyte) : null;
}
