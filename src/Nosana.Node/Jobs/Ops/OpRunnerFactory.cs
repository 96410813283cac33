using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs.Hooks;

namespace Nosana.Node.Jobs.Ops;

/// <summary>Makes the runner of one run of an operation: what drives it and the hooks around it follow from its type.</summary>
/// <param name="control">Registered where it matters whose fault it is that something does not come.</param>
internal sealed class OpRunnerFactory(
    ContainerDriver containers, VolumeDriver volumes, IServiceProvider services, TimeProvider time, ILogger<OpRunner> logger, NetworkControl? control = null)
{
    public OpRunner Create(OperationType type) => type == OperationType.ContainerCreateVolume
        ? new OpRunner(volumes, [], time, logger, control)
        : new OpRunner(containers, OpHooks.InOrder(services), time, logger, control);
}
