using Microsoft.Extensions.DependencyInjection.Extensions;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.Tunnels;
using Nosana.Node.Ssh.Keys;
using Nosana.Node.Ssh.Server;
using Nosana.Node.Ssh.Shells;

namespace Nosana.Node.Ssh;

internal static class SshServices
{
    /// <summary>SSH into jobs, its keys and its shells, on the rooms below. The server starts and stops with the host.</summary>
    /// <param name="domain">What follows host names, see <see cref="SshNames"/>.</param>
    /// <param name="node">This host's address.</param>
    public static IServiceCollection AddSsh(this IServiceCollection services, SshOptions options, string domain, string node)
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton<SshAvailability>();
        services.TryAddSingleton(provider => new SshNames(provider.GetRequiredService<RunningJobs>(), domain, node));
        services.TryAddSingleton<SshKeys>();
        services.TryAddSingleton(new ShellSeats());
        services.TryAddSingleton<OpShells>();
        services.TryAddSingleton<SshDoor>();
        services.TryAddSingleton<SshChild>();
        services.TryAddSingleton<SshProcessWatch>();
        services.TryAddSingleton<SshServer>();
        services.TryAddSingleton<SshTunnelService>();
        services.AddSingleton<ITunnelService>(provider => provider.GetRequiredService<SshTunnelService>());
        services.AddHostedService(provider => provider.GetRequiredService<SshServer>());
        return services;
    }
}
