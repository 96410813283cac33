using Microsoft.Extensions.DependencyInjection.Extensions;
using Nosana.Node.Api.Authorization;
using Nosana.Node.Api.Routes;
using Nosana.Node.Api.Statistics;
using Nosana.Node.Api.Streaming;

namespace Nosana.Node.Api;

internal static class ApiServices
{
    /// <summary>The node's API, which is started as <see cref="ApiServer"/>, on the rooms below.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services, ApiOptions options)
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton<OwnerAuthorization>();
        services.TryAddSingleton<StreamLimits>();
        services.TryAddSingleton<SocketDoor>();
        services.TryAddSingleton<JobViews>();
        services.TryAddSingleton<InfoStream>();
        services.TryAddSingleton<JobFeeds>();
        services.TryAddSingleton<StatisticsCollector>();
        services.TryAddSingleton<ApiServer>();
        services.AddApiRoutes<NodeRoutes>();
        services.AddApiRoutes<JobRoutes>();
        services.AddApiRoutes<OperationRoutes>();
        services.AddApiRoutes<StatisticsRoutes>();
        services.AddSocketRoute<FlogRoute>();
        services.AddSocketRoute<LogRoute>();
        services.AddSocketRoute<StatusRoute>();
        services.AddApiRoutes<SshRoutes>();
        services.AddSocketRoute<TerminalRoute>();
        return services;
    }

    public static IServiceCollection AddApiRoutes<T>(this IServiceCollection services) where T : class, IApiRoutes =>
        services.AddSingleton<IApiRoutes, T>();

    public static IServiceCollection AddSocketRoute<T>(this IServiceCollection services) where T : class, ISocketRoute =>
        services.AddSingleton<ISocketRoute, T>();
}
