using Microsoft.Extensions.DependencyInjection.Extensions;
using Nosana.Docker;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Engine.Prefetch;
using Nosana.Node.Engine.Registry;
using Nosana.Node.Journal;

namespace Nosana.Node.Engine;

internal static class EngineServices
{
    /// <summary>
    /// Containers, images, networks and volumes on one engine; images are recorded in the <see cref="JournalStore"/>, which must be registered.
    /// What is registered before - an <see cref="IEngineClient"/>, options - stays.
    /// </summary>
    public static IServiceCollection AddEngine(this IServiceCollection services, EngineAddress address, RegistryAccountOptions accounts)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IEngineClient>(_ => new EngineClient(address.Uri));
        services.TryAddSingleton(new HardeningProfile());
        services.TryAddSingleton(new PullOptions());
        services.TryAddSingleton(new ImageCacheOptions());
        services.TryAddSingleton(new PrefetchOptions());
        services.TryAddSingleton(provider => new CredentialHelpers(
            accounts.HelperDirectories, provider.GetRequiredService<ILogger<CredentialHelpers>>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new DockerConfigFile(accounts.ConfigFile, provider.GetRequiredService<CredentialHelpers>()));
        services.TryAddSingleton(provider => new EngineDisk(provider.GetRequiredService<IEngineClient>(), address.IsHere));
        services.TryAddSingleton<ContainerRuntime>();
        services.TryAddSingleton(new RegistryOptions());
        services.TryAddSingleton(provider => new RegistryHttp(
            provider.GetRequiredService<AddressPolicy>().ConnectAsync,
            provider.GetRequiredService<RegistryOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<RegistryPlaces>();
        services.TryAddSingleton<RegistryClient>();
        services.TryAddSingleton<PullEndpoint>();
        services.TryAddSingleton<EngineDelivery>();
        services.TryAddSingleton<IImageDelivery>(provider => ActivatorUtilities.CreateInstance<RegistryDelivery>(provider, address.IsHere));
        services.TryAddSingleton<ImagePuller>();
        services.TryAddSingleton<ImageCache>();
        services.TryAddSingleton<ImageStore>();
        services.TryAddSingleton<EgressGuard>();
        services.TryAddSingleton(new RefusedRanges([]));
        services.TryAddSingleton<AddressPolicy>();
        services.TryAddSingleton<JobNetworks>();
        services.TryAddSingleton<JobVolumes>();
        services.TryAddSingleton<JobReaper>();
        services.TryAddSingleton<DiskMeter>();
        return services;
    }
}
