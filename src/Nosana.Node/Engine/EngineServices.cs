using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Nosana.Docker;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Engine.Prefetch;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Journal;

namespace Nosana.Node.Engine;

internal static class EngineServices
{
    /// <summary>Containers, images, networks and volumes on the engine whose <see cref="IEngineClient"/> is registered; images are recorded in the <see cref="JournalStore"/>.</summary>
    public static IServiceCollection AddEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new HardeningProfile());
        services.TryAddSingleton(new PullOptions());
        services.TryAddSingleton(new ImageCacheOptions());
        services.TryAddSingleton(new PrefetchOptions());
        services.TryAddSingleton(provider => new CredentialHelpers(CredentialHelpers.SearchPath(), provider.GetRequiredService<ILogger<CredentialHelpers>>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new DockerConfigFile(DockerConfigFile.DefaultPath(), provider.GetRequiredService<CredentialHelpers>()));
        services.TryAddSingleton(provider => new ContainerRuntime(
            provider.GetRequiredService<IEngineClient>(), provider.GetRequiredService<ILogger<ContainerRuntime>>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new ImagePuller(
            provider.GetRequiredService<IEngineClient>(), provider.GetRequiredService<PullOptions>(), provider.GetRequiredService<DockerConfigFile>(),
            provider.GetRequiredService<ILogger<ImagePuller>>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new EngineDisk(
            provider.GetRequiredService<IEngineClient>(), isHere: provider.GetRequiredService<IEngineClient>().Endpoint.Scheme == "unix"));
        services.TryAddSingleton(provider => new ImageCache(
            provider.GetRequiredService<IEngineClient>(), provider.GetRequiredService<ImagePuller>(), provider.GetRequiredService<EngineDisk>(), provider.GetRequiredService<JournalStore>(),
            provider.GetRequiredService<ImageCacheOptions>(), provider.GetRequiredService<ILogger<ImageCache>>()));
        services.TryAddSingleton<ImageStore>();
        services.TryAddSingleton(provider => new Prefetcher(
            provider.GetRequiredService<ImageStore>(), provider.GetRequiredService<ResourceStore>(), provider.GetRequiredService<PrefetchOptions>(),
            provider.GetRequiredService<ILogger<Prefetcher>>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new EgressGuard(EgressGuard.DefaultMarker, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<JobNetworks>();
        services.TryAddSingleton<JobVolumes>();
        services.TryAddSingleton<JobReaper>();
        services.TryAddSingleton<DiskMeter>();
        return services;
    }
}
