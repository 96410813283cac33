using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Nosana.Node.Jobs.Tunnels;

internal static class TunnelServices
{
    /// <summary>Tunnels of exposed operations and of the node. Without this, a host is reached through its ingress alone.</summary>
    public static IServiceCollection AddTunnels(this IServiceCollection services, TunnelSettings settings)
    {
        services.TryAddSingleton(settings);
        services.TryAddSingleton<TunnelEntrance>();
        services.TryAddSingleton<TunnelClients>();
        return services;
    }
}
