using System.Diagnostics;
using System.Globalization;
using Docker.DotNet.Models;
using Nosana.Benchmarks.Engine;
using Nosana.Docker;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using ContainerSpec = Nosana.Node.Engine.Containers.ContainerSpec;

namespace Nosana.Benchmarks.Containers;

/// <summary>The same containers with nothing around them: the engine is told to create and to start them, and waited for.</summary>
internal sealed class RawJobs(BenchEngine engine)
{
    private static readonly HardeningProfile s_profile = new();

    private EngineClient Client => engine.Client;

    /// <summary>Time that the job's network took, and the lives of its two containers.</summary>
    public async Task<(TimeSpan Network, IReadOnlyList<StartedContainer> Containers)> RunAsync(string command)
    {
        string job = $"raw-{Guid.NewGuid():N}"[..20];
        var labels = new Dictionary<string, string> { [EngineLabels.Job] = job };
        long began = Stopwatch.GetTimestamp();
        await Client.CreateNetworkAsync(JobNetworks.Write(job, labels));
        TimeSpan network = Stopwatch.GetElapsedTime(began);
        var containers = new List<StartedContainer>();
        try
        {
            for (int i = 0; i < 2; i++)
                containers.Add(await RunAsync(new ContainerSpec { Name = $"{job}-{i}", Image = BenchEngine.Image, Command = ["/bin/sh", "-c", command], NetworkName = job, Labels = labels }));
        }
        finally
        {
            await Client.DeleteNetworkAsync(job);
        }
        return (network, containers);
    }

    private async Task<StartedContainer> RunAsync(ContainerSpec spec)
    {
        CreateContainerParameters parameters = ContainerSpecWriter.Write(spec, s_profile);
        long began = Stopwatch.GetTimestamp();
        CreateContainerResponse created = await Client.CreateContainerAsync(parameters);
        try
        {
            await Client.StartContainerAsync(created.ID);
            TimeSpan start = Stopwatch.GetElapsedTime(began);
            await Client.WaitContainerAsync(created.ID, WaitCondition.NotRunning);
            DateTimeOffset noticed = DateTimeOffset.UtcNow;
            ContainerInspectResponse ended = await Client.InspectContainerAsync(created.ID);
            TimeSpan exit = noticed - DateTimeOffset.Parse(ended.State!.FinishedAt, CultureInfo.InvariantCulture);
            return new StartedContainer(start, start, exit, exit);
        }
        finally
        {
            await Client.RemoveContainerAsync(created.ID, new ContainerRemoveParameters { Force = true, RemoveVolumes = true });
        }
    }
}
