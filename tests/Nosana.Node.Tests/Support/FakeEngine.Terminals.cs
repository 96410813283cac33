using System.Collections.Concurrent;
using System.Globalization;
using Nosana.Docker;

namespace Nosana.Node.Tests.Support;

/// <summary>Terminals in containers: a shell where there is to be one, and what hangs it up.</summary>
internal sealed partial class FakeEngine
{
    private readonly ConcurrentDictionary<string, FakeTerminal> _terminals = [];
    private int _terminalsMade;

    /// <summary>Programs that every container has, by path.</summary>
    public HashSet<string> Shells { get; } = ["/bin/bash", "/bin/sh"];

    /// <summary>Shells, in the order in which they were made.</summary>
    public IReadOnlyList<FakeTerminal> Terminals => [.. _terminals.OrderBy(pair => int.Parse(pair.Key, CultureInfo.InvariantCulture)).Select(pair => pair.Value)];

    public override Task<string> CreateTerminalAsync(string container, TerminalSpec spec, CancellationToken cancellationToken = default) => Answer(() =>
    {
        Find(container);
        string id = Interlocked.Increment(ref _terminalsMade).ToString(CultureInfo.InvariantCulture);
        var terminal = new FakeTerminal(container, spec);
        if (spec.Command[^1].StartsWith("kill ", StringComparison.Ordinal)) return $"kill {id}";
        _terminals[id] = terminal;
        return id;
    }, cancellationToken);

    public override Task<Stream> StartTerminalAsync(string terminal, CancellationToken cancellationToken = default) => Answer(() =>
    {
        if (!terminal.StartsWith("kill ", StringComparison.Ordinal)) return _terminals[terminal].Start();
        // Its shells all have the same number.
        foreach (FakeTerminal shell in _terminals.Values) shell.HangUp();
        return Stream.Null;
    }, cancellationToken);

    public override Task ResizeTerminalAsync(string terminal, int columns, int rows, CancellationToken cancellationToken = default) => Answer(() =>
    {
        _terminals[terminal].Size = (columns, rows);
        return true;
    }, cancellationToken);

    public override Task<TerminalState> InspectTerminalAsync(string terminal, CancellationToken cancellationToken = default) =>
        Answer(() => new TerminalState(_terminals[terminal].IsRunning, _terminals[terminal].ExitCode), cancellationToken);
}
