using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Nosana.Node.Exposure;

internal static class ExposureServices
{
    /// <summary>The table of exposed names and the listener that serves it, which starts and stops with the host.</summary>
    public static IServiceCollection AddExposure(this IServiceCollection services)
    {
        services.AddOptions<ExposureOptions>();
        services.AddHttpForwarder();
        services.TryAddSingleton<ExposureTable>();
        services.TryAddSingleton<ExposureForwarder>();
        services.TryAddSingleton<ExposureServer>();
        services.AddHostedService(provider => provider.GetRequiredService<ExposureServer>());
        return services;
    }
}
