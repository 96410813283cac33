using Microsoft.Extensions.DependencyInjection.Extensions;
using Nosana.Docker;
using Nosana.Node.Engine.Prefetch;
using Nosana.Node.Journal;

namespace Nosana.Node.Engine.Resources;

internal static class ResourceServices
{
    /// <summary>
    /// Remote resources, on the engine whose <see cref="IEngineClient"/> is registered and recorded in the <see cref="JournalStore"/>; and what is
    /// fetched in advance.
    /// </summary>
    public static IServiceCollection AddResources(this IServiceCollection services, ResourceOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton<ResourceHttp>();
        services.TryAddSingleton<ResourceSources>();
        services.TryAddSingleton<ResourceDownloader>();
        services.TryAddSingleton<VolumeFiller>();
        services.TryAddSingleton<ResourceCache>();
        services.TryAddSingleton<ResourceStore>();
        services.TryAddSingleton<Prefetcher>();
        return services;
    }
}
