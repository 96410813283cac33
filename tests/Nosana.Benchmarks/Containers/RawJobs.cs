using System.Diagnostics;
using System.Globalization;
using Nosana.Benchmarks.Engine;
using Nosana.Docker;
using Nosana.Docker.Models;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;

namespace Nosana.Benchmarks.Containers;

/// <summary>The same containers with nothing around them: the engine is told to create and to start them, and waited for.</summary>
internal sealed class RawJobs(BenchEngine engine)
{
    private static readonly HardeningProfile s_profile = new();

    private DockerClient Client => engine.Client;

    /// <summary>Time that the job's network took, and the lives of its two containers.</summary>
    public async Task<(TimeSpan Network, IReadOnlyList<StartedContainer> Containers)> RunAsync(string command)
    {
        string job = $"raw-{Guid.NewGuid():N}"[..20];
        var labels = new Dictionary<string, string> { [EngineLabels.Job] = job };
        long began = Stopwatch.GetTimestamp();
        await Client.Networks.CreateNetworkAsync(JobNetworks.Write(job, labels));
        TimeSpan network = Stopwatch.GetElapsedTime(began);
        var containers = new List<StartedContainer>();
        try
        {
            for (int i = 0; i < 2; i++)
                containers.Add(await RunAsync(new ContainerSpec { Name = $"{job}-{i}", Image = BenchEngine.Image, Command = ["/bin/sh", "-c", command], NetworkName = job, Labels = labels }));
        }
        finally
        {
            await Client.Networks.DeleteNetworkAsync(job);
        }
        return (network, containers);
    }

    private async Task<StartedContainer> RunAsync(ContainerSpec spec)
    {
        CreateContainerParameters parameters = ContainerSpecWriter.Write(spec, s_profile);
        long began = Stopwatch.GetTimestamp();
        CreateContainerResponse created = await Client.Containers.CreateContainerAsync(parameters);
        try
        {
            await Client.Containers.StartContainerAsync(created.ID);
            TimeSpan start = Stopwatch.GetElapsedTime(began);
            await Client.Containers.WaitContainerAsync(created.ID);
            DateTimeOffset noticed = DateTimeOffset.UtcNow;
            ContainerInspectResponse ended = await Client.Containers.InspectContainerAsync(created.ID);
            TimeSpan exit = noticed - DateTimeOffset.Parse(ended.State.FinishedAt, CultureInfo.InvariantCulture);
            return new StartedContainer(start, start, exit, exit);
        }
        finally
        {
            await Client.Containers.RemoveContainerAsync(created.ID, new ContainerRemoveParameters { Force = true, RemoveVolumes = true });
        }
    }
}
