using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Placeholders;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Ops;

/// <summary><c>container/run</c>: one container in the job's own network.</summary>
internal sealed class ContainerDriver(ContainerRuntime containers, HardeningProfile profile) : IOpDriver
{
    public string FailureEvent => OpError.ContainerRuntime;

    public void Resolve(OpContext op)
    {
        op.Args = PlaceholderResolver.ResolveRun(op.Job.Request.Definition, op.Operation, op.Job.Scope());
        op.Job.Ports.Take(op.Operation, op.Args.Expose.Count);
    }

    public async Task StartAsync(OpContext op, CancellationToken cancel)
    {
        if (op.Adopted is { } found)
        {
            op.ContainerId = found.Id;
            if (found.Status == "created") await containers.StartAsync(found.Id, cancel);
            else if (op.Operation.Execution.TimeoutSeconds is not null)
                op.RunningSince = (await containers.InspectAsync(found.Id, cancellationToken: cancel)).StartedAt;
            return;
        }
        // Not cancelled half-way: a container whose id is known can be removed at once, one that is not is only found by its label.
        op.ContainerId = await containers.CreateAsync(SpecOf(op), profile, CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        try
        {
            await containers.StartAsync(op.ContainerId, CancellationToken.None);
        }
        catch (EngineException e) when (e.Fault == EngineFault.CommandCannotStart && ListCommand.HintFor(op.Args) is { } hint)
        {
            throw new EngineException(e.Fault, $"{e.Message} {hint}", e.InnerException);
        }
    }

    /// <summary>An end that a restart in place has made is none.</summary>
    public async Task<OpExit> WaitAsync(OpContext op, CancellationToken cancel)
    {
        while (true)
        {
            ContainerSnapshot ended = await containers.WaitAsync(op.ContainerId!, cancel);
            if (op.Restarting is not { } restarting) return ExitOf(op, ended);
            await restarting;
            ContainerSnapshot now = await containers.InspectAsync(op.ContainerId!, cancellationToken: cancel);
            if (!now.IsAlive && now.StartedAt == ended.StartedAt) return ExitOf(op, ended);
        }
    }

    public async Task<OpExit> StopAsync(OpContext op)
    {
        // Else the engine might start it again after it was stopped.
        if (op.Restarting is { } restarting) await restarting;
        try
        {
            await containers.StopAsync(op.ContainerId!, profile.StopGrace);
            return ExitOf(op, await containers.InspectAsync(op.ContainerId!));
        }
        catch (EngineException e) when (e.Fault == EngineFault.ContainerMissing)
        {
            return new OpExit(null, Problem: "The container was removed by somebody else; how it ended is not known.");
        }
    }

    public Task RemoveAsync(OpContext op) => op.ContainerId is { } id ? containers.RemoveAsync(id) : Task.CompletedTask;

    /// <summary>What of an operation becomes a container; what the container may do is the profile's matter.</summary>
    internal static ContainerSpec SpecOf(OpContext op)
    {
        ContainerRunArgs args = op.Args;
        Dictionary<string, string> labels = op.Job.Labels();
        labels[EngineLabels.Op] = op.Operation.Id;
        return new ContainerSpec
        {
            Name = op.ContainerName,
            Image = args.Image,
            ImageId = op.ImageId,
            Command = args.Cmd?.Argv,
            Entrypoint = args.Entrypoint,
            Environment = args.Env,
            WorkingDirectory = args.WorkDir,
            Mounts = [.. args.Volumes.Select(volume => new Engine.Containers.VolumeMount(op.Job.VolumeName(volume.Name), volume.Dest)), .. op.ResourceMounts],
            NetworkName = op.Job.Network ?? JobNetworks.NameOf(op.Job.Request.Job),
            Aliases = OpHostNames.Of(op.Job.Request.Definition, op.Operation, args),
            Gpus = args.Gpu && op.Job.Request.Slot.GpuUuids is { Count: > 0 } uuids ? GpuRequest.Devices(uuids) : null,
            Restart = args.RestartPolicy,
            Labels = labels,
        };
    }

    private static OpExit ExitOf(OpContext op, ContainerSnapshot snapshot)
    {
        ContainerExit? exit = snapshot.Exit;
        string? problem = exit switch
        {
            null => "The container did not end when it was stopped.",
            { CommandError: { } error } =>
                $"The command cannot be started: {error}. {ListCommand.HintFor(op.Args) ?? "Check cmd, entrypoint and work_dir against the image."}",
            // The engine also says so when a child was ended and the command itself went on to its own end.
            { OomKilled: true, ExitCode: not 0 } => "The container used up its memory and the kernel ended it.",
            { Error: { Length: > 0 } error } => error,
            // An entrypoint of the image's that runs its arguments says so itself, in its output.
            { ExitCode: ExitStatus.CommandNotFound } => ListCommand.HintFor(op.Args),
            _ => null,
        };
        return new OpExit(exit is null ? null : checked((int)exit.ExitCode), snapshot.State, problem);
    }
}
