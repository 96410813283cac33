using Nosana.Node.Exposure;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>The names of an operation's ports are known from its beginning on, so that who asks while its image is fetched is told what he waits for.</summary>
internal sealed class AnnouncePorts(ExposureTable table) : IOpPrestart, IOpStop
{
    private readonly List<string> _names = [];

    public string FailureEvent => OpError.Operation;

    public Task PrestartAsync(OpContext op, CancellationToken cancel)
    {
        foreach (string name in op.Args.Expose.SelectMany(port => ExposePorts.NamesOf(op, port.Port)))
        {
            table.Announce(name, op.Job.Request.Job);
            _names.Add(name);
        }
        return Task.CompletedTask;
    }

    // Of one that has run they are gone already.
    public ValueTask StopAsync(OpContext op)
    {
        foreach (string name in _names) table.Remove(name, op.Job.Request.Job);
        return default;
    }
}
