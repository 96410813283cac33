using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Nosana.Node.Exposure;

internal static class ExposureServices
{
    /// <summary>The table of exposed names and the listener that serves it, which starts and stops with the host.</summary>
    /// <param name="listen">See <see cref="ExposureOptions.Listen"/>.</param>
    /// <param name="domain">See <see cref="ExposureOptions.Domain"/>.</param>
    /// <param name="more">Everything else.</param>
    public static IServiceCollection AddExposure(this IServiceCollection services, IPEndPoint listen, string domain, Action<ExposureOptions>? more = null)
    {
        services.Configure<ExposureOptions>(options =>
        {
            (options.Listen, options.Domain) = (listen, domain);
            more?.Invoke(options);
        });
        services.AddHttpForwarder();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ExposureTable>();
        services.TryAddSingleton<TrustedPeers>();
        services.TryAddSingleton<AccessLog>();
        services.TryAddSingleton<ExposureForwarder>();
        services.TryAddSingleton<ExposureServer>();
        services.AddHostedService(provider => provider.GetRequiredService<ExposureServer>());
        // It writes several lines for each request of a tenant.
        services.Configure<LoggerFilterOptions>(filters => filters.Rules.Add(new LoggerFilterRule(null, "Yarp.ReverseProxy.Forwarder", LogLevel.Error, null)));
        return services;
    }
}
