using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Nosana.Node.Exposure;

internal static class ExposureServices
{
    /// <summary>The table of exposed names and the listener that serves it, which starts and stops with the host.</summary>
    /// <param name="listen">See <see cref="ExposureOptions.Listen"/>.</param>
    /// <param name="domain">See <see cref="ExposureOptions.Domain"/>.</param>
    public static IServiceCollection AddExposure(this IServiceCollection services, IPEndPoint listen, string domain)
    {
        services.Configure<ExposureOptions>(options => (options.Listen, options.Domain) = (listen, domain));
        services.AddHttpForwarder();
        services.TryAddSingleton<ExposureTable>();
        services.TryAddSingleton<ExposureForwarder>();
        services.TryAddSingleton<ExposureServer>();
        services.AddHostedService(provider => provider.GetRequiredService<ExposureServer>());
        // Both write several lines for each request of a tenant.
        services.Configure<LoggerFilterOptions>(filters =>
        {
            filters.Rules.Add(new LoggerFilterRule(null, "Yarp.ReverseProxy.Forwarder", LogLevel.Error, null));
            filters.Rules.Add(new LoggerFilterRule(null, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning, null));
        });
        return services;
    }
}
