using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Forwarder;

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
        // Without the agent's log: it would write a warning with a stack for each request of a stranger that fails.
        services.TryAddSingleton(_ => new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider().GetRequiredService<IHttpForwarder>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ExposureTable>();
        services.TryAddSingleton<TrustedPeers>();
        services.TryAddSingleton<AccessLog>();
        services.TryAddSingleton<ExposureForwarder>();
        services.TryAddSingleton<ExposureServer>();
        services.AddHostedService(provider => provider.GetRequiredService<ExposureServer>());
        return services;
    }
}
