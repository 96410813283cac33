using System.Runtime.InteropServices;

namespace Nosana.Node.Cli;

/// <summary>
/// What asks this process to end: Ctrl-C, Ctrl-\, a terminal that is closed, a service manager. Each is one interruption, and the second ends the process
/// at once. A verb may take some of them for something else.
/// </summary>
internal sealed class Signals : IDisposable
{
    private static readonly PosixSignal[] s_ends = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];

    private readonly CancellationTokenSource _interrupted = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Signals() => _registrations = [.. s_ends.Select(signal => PosixSignalRegistration.Create(signal, Handle))];

    /// <summary>Cancelled by the first that nobody takes.</summary>
    public CancellationToken Interrupted => _interrupted.Token;

    /// <summary>Whether a signal is taken for something else than an interruption, and has been dealt with.</summary>
    public Func<PosixSignal, bool> Taken { get; set; } = _ => false;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _interrupted.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        if (Taken(signal.Signal))
        {
            signal.Cancel = true;
            return;
        }
        if (_interrupted.IsCancellationRequested) return; // the second one ends the process at once
        signal.Cancel = true;
        _interrupted.Cancel();
    }
}
