using System.Runtime.InteropServices;
using Nosana.Node.Hosting.Reload;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Market;

namespace Nosana.Node.Hosting;

/// <summary>
/// What signals mean to a host: SIGHUP reads the settings again, and while it drains the first of the others may stop its job. What is left interrupts it:
/// the queue is left, and containers go on.
/// </summary>
internal sealed partial class HostSignals(
    NodeSettings settings, WorkIntake intake, IHostApplicationLifetime lifetime, IServiceProvider services, ILogger<HostSignals> logger)
{
    public const string Leave = "leave", Stop = "stop";

    /// <returns>Whether it has been dealt with.</returns>
    public bool Take(PosixSignal signal)
    {
        if (signal == PosixSignal.SIGHUP)
        {
            if (lifetime.ApplicationStarted.IsCancellationRequested) services.GetRequiredService<SettingsReload>().Begin();
            else LogNotYet();
            return true;
        }
        if (!intake.IsDraining || settings.Host.SignalWhileDraining != Stop || intake.JobsEnd.IsCancellationRequested) return false;
        LogStopping(signal);
        intake.StopJobs();
        return true;
    }

    [LoggerMessage(120, LogLevel.Warning, "{Signal} while the host drains: its job is stopped now and finished with what there is")]
    private partial void LogStopping(PosixSignal signal);

    [LoggerMessage(121, LogLevel.Warning, "SIGHUP: the settings are not read again while the host is still starting")]
    private partial void LogNotYet();
}
