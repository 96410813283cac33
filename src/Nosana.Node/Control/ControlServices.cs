using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Nosana.Node.Control;

internal static class ControlServices
{
    /// <summary>The control channel of a state directory's agent; its commands are added by those who carry them out.</summary>
    public static IServiceCollection AddControl(this IServiceCollection services, string stateDirectory)
    {
        services.TryAddSingleton(new ControlSocket(stateDirectory));
        return services;
    }

    /// <param name="method">GET looks, POST changes something.</param>
    /// <param name="path">As <see cref="ControlRoute.Path"/>.</param>
    /// <param name="whileStarting">Whether it is there before the host has started: it must not need what is found by then.</param>
    public static IServiceCollection AddControlCommand<T>(this IServiceCollection services, HttpMethod method, string path, bool whileStarting = false)
        where T : class, IControlCommand
    {
        services.TryAddSingleton<T>();
        return services.AddSingleton(new ControlRoute(method.Method, path, typeof(T), whileStarting));
    }
}
