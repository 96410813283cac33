using Microsoft.Extensions.Hosting.Systemd;

namespace Nosana.Node.Operations;

/// <summary>
/// Tells the service manager when the host serves and when it ends. It listens for no signal: what one means to a host is decided in one place
/// (<c>Hosting.HostSignals</c>).
/// </summary>
internal sealed class ServiceLifetime(IHostApplicationLifetime lifetime, ISystemdNotifier? systemd = null) : IHostLifetime, IDisposable
{
    private CancellationTokenRegistration _started, _stopping;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        if (systemd is null) return Task.CompletedTask;
        _started = lifetime.ApplicationStarted.Register(() => systemd.Notify(ServiceState.Ready));
        _stopping = lifetime.ApplicationStopping.Register(() => systemd.Notify(ServiceState.Stopping));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _started.Dispose();
        _stopping.Dispose();
    }
}
