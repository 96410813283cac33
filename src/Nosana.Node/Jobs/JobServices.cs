using Microsoft.Extensions.DependencyInjection.Extensions;
using Nosana.Node.Exposure;
using Nosana.Node.Jobs.Hooks;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs;

internal static class JobServices
{
    /// <summary>Running jobs, on the rooms below. An <see cref="IPullDisplay"/> and <see cref="ExposureSettings"/> must be registered.</summary>
    /// <param name="logDirectory">Where the output of operations is kept.</param>
    public static IServiceCollection AddJobs(this IServiceCollection services, string logDirectory)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new LogOptions());
        services.TryAddSingleton(provider =>
            new LogStore(logDirectory, provider.GetRequiredService<LogOptions>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<JobResults>();
        services.TryAddSingleton<PortProber>();
        services.TryAddSingleton<ContainerDriver>();
        services.TryAddSingleton<NamedVolumes>();
        services.TryAddSingleton<VolumeDriver>();
        services.AddOpHooks();
        services.TryAddSingleton<OpRunnerFactory>();
        services.TryAddSingleton<JobContainers>();
        services.TryAddSingleton<RunningJobs>();
        services.TryAddSingleton<JobRunnerFactory>();
        return services;
    }
}
