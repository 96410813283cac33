using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Tests.Support;

namespace Nosana.Node.Tests.Engine.Containers;

/// <summary>An engine with one container, whose waits and inspections go as a test says.</summary>
internal sealed class FakeContainers : EngineFake
{
    /// <summary>What each wait does before it returns.</summary>
    public Queue<Action> Waits { get; } = new();

    public Queue<Func<State>> Inspections { get; } = new();

    public List<WaitCondition> Conditions { get; } = [];

    /// <summary>The container's restart policy.</summary>
    public RestartPolicyKind Policy { get; set; } = RestartPolicyKind.No;

    /// <summary>Stops that find no engine before one does.</summary>
    public int FailingStops { get; set; }

    public override async Task WaitContainerAsync(string id, WaitCondition condition, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        Conditions.Add(condition);
        Waits.Dequeue()();
    }

    public override async Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return new ContainerInspectResponse { ID = id, State = Inspections.Dequeue()(), HostConfig = new HostConfig { RestartPolicy = new RestartPolicy { Name = Policy } } };
    }

    public override async Task StopContainerAsync(string id, long graceSeconds, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        if (--FailingStops >= 0) throw new DockerUnavailableException(Endpoint, "does not answer", "Start it");
    }
}
