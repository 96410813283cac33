using Microsoft.Extensions.DependencyInjection.Extensions;
using Nosana.Node.Control;

namespace Nosana.Node.Hosting.Reload;

internal static class ReloadServices
{
    /// <summary>Settings that are taken while the host runs, by signal and by the control channel.</summary>
    public static IServiceCollection AddReload(this IServiceCollection services)
    {
        services.TryAddSingleton<HostSignals>();
        services.TryAddSingleton<SettingsReload>();
        return services.AddControlCommand<ReloadCommand>(HttpMethod.Post, ReloadCommand.Path);
    }
}
