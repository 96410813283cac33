using Nosana.Node.Engine.Containers;
using Nosana.Node.Jobs.Ops;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>Operations that start after this one know its container's address, when any of them asks for one.</summary>
internal sealed class NoteAddress(ContainerRuntime containers) : IOpPoststart
{
    public async Task PoststartAsync(OpContext op, CancellationToken cancel)
    {
        if (!op.Job.AsksForAddresses) return;
        ContainerSnapshot container = await containers.InspectAsync(op.ContainerId!, cancellationToken: cancel);
        // One that has ended already has none any more: who asks for it is told so.
        if (container.IPAddress is { } address) op.Job.NoteAddress(op.Index, address);
    }
}
