using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Nosana.Node.Gpus;

internal static class GpuServices
{
    /// <summary>The machine's GPUs, as <see cref="GpuInventory"/>.</summary>
    public static IServiceCollection AddGpus(this IServiceCollection services)
    {
        services.AddOptions<GpuOptions>();
        services.TryAddSingleton<GpuInventory>();
        return services;
    }
}
