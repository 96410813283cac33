using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;
using Nosana.Node.Market;
using Nosana.Node.Texts;

namespace Nosana.Node.Operations;

/// <summary>
/// Tells what the slot does: the service manager with each change, which shows it as the unit's status; and the status file, at least every
/// <see cref="Interval"/>, so that an agent that hangs is found by its silence.
/// </summary>
internal sealed partial class StatusReport(
    SlotStatus status, StatusFile file, TimeProvider time, ILogger<StatusReport> logger, ISystemdNotifier? systemd = null) : IHostedService, IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private string? _told;
    private bool _failing;
    private bool _stopped;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        status.Changed += Report;
        _timer = time.CreateTimer(_ => Report(), null, TimeSpan.Zero, Interval);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        status.Changed -= Report;
        lock (_lock)
        {
            _stopped = true;
            Try(file.Remove);
        }
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Report()
    {
        lock (_lock)
        {
            if (_stopped) return;
            SlotState slot = status.Now;
            if (slot.Text != _told)
            {
                _told = slot.Text;
                // A line break would begin another assignment (sd_notify(3)).
                Try(() => systemd?.Notify(new ServiceState($"STATUS={PlainText.OneLine(slot.Text)}")));
            }
            Try(() => file.Write(new AgentStatus(time.GetUtcNow(), slot)));
        }
    }

    // The host works without being looked at.
    private void Try(Action tell)
    {
        try
        {
            tell();
            _failing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            if (!_failing) LogFailing(e.Message);
            _failing = true;
        }
    }

    [LoggerMessage(110, LogLevel.Warning, "The agent's status cannot be told: {Problem} Health checks will take it for dead; the host works on")]
    private partial void LogFailing(string problem);
}
