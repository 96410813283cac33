using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting.Systemd;
using Nosana.Node.Control;

namespace Nosana.Node.Operations;

internal static class StatusServices
{
    /// <summary>What the agent tells of itself while it serves. <see cref="StatusReport"/> starts before what it tells of, so that it ends after it.</summary>
    /// <param name="stateDirectory">For the status file.</param>
    public static IServiceCollection AddStatus(this IServiceCollection services, string stateDirectory)
    {
        // Not AddSystemd(): that looks into /proc for its parent, which ProtectProc=invisible of our unit hides.
        var systemd = new SystemdNotifier();
        if (systemd.IsEnabled) services.AddSingleton<ISystemdNotifier>(systemd);
        services.Replace(ServiceDescriptor.Singleton<IHostLifetime, ServiceLifetime>());
        services.AddControlCommand<StatusCommand>(HttpMethod.Get, StatusCommand.Path, whileStarting: true);
        services.AddSingleton(new StatusFile(stateDirectory));
        return services;
    }
}
