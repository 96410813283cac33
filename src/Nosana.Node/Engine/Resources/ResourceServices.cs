using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Nosana.Docker;
using Nosana.Node.Journal;

namespace Nosana.Node.Engine.Resources;

internal static class ResourceServices
{
    /// <summary>Remote resources, on the engine whose <see cref="IEngineClient"/> is registered and recorded in the <see cref="JournalStore"/>.</summary>
    public static IServiceCollection AddResources(this IServiceCollection services, ResourceOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton(provider => new ResourceHttp(options, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ResourceSources>();
        services.TryAddSingleton(provider => new ResourceDownloader(
            provider.GetRequiredService<ResourceHttp>(), options, provider.GetRequiredService<ILogger<ResourceDownloader>>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<VolumeFiller>();
        services.TryAddSingleton(provider => new ResourceCache(
            provider.GetRequiredService<VolumeFiller>(), provider.GetRequiredService<JournalStore>(), options, provider.GetRequiredService<ILogger<ResourceCache>>()));
        services.TryAddSingleton(provider => new ResourceStore(
            provider.GetRequiredService<ResourceSources>(), provider.GetRequiredService<ResourceDownloader>(), provider.GetRequiredService<VolumeFiller>(), provider.GetRequiredService<ResourceCache>(),
            options, provider.GetRequiredService<ILogger<ResourceStore>>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
