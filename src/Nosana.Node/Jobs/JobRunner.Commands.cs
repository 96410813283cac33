using Nosana.JobDefinition.Flow;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs;

/// <summary>
/// What the owner may ask of single operations while the job runs. Commands go through the same channel as every other change,
/// so that the loop alone decides; the tasks returned complete once the command has had its effect.
/// </summary>
internal sealed partial class JobRunner
{
    /// <summary>Stops one operation: its container is stopped and removed, its state is <c>stopped</c>. One that has ended already stays as it is.</summary>
    /// <exception cref="OpCommandException">See its codes.</exception>
    public async Task StopOpAsync(string group, string op) => await await AcceptAsync(OpCommandKind.Stop, group, op);

    /// <summary>
    /// Runs one operation of the active group again, in a container of its own; its output goes on in the same log. Those that depend
    /// on it are not touched. Completes when the operation has been started again.
    /// </summary>
    /// <exception cref="OpCommandException">See its codes.</exception>
    public async Task RestartOpAsync(string group, string op) => await await AcceptAsync(OpCommandKind.Restart, group, op);

    /// <summary>Stops all operations of the active group side by side; those not started yet never will be.</summary>
    /// <exception cref="OpCommandException">See its codes.</exception>
    public async Task StopGroupAsync(string group) => await await AcceptAsync(OpCommandKind.Stop, group, null);

    /// <summary>Runs all operations of the active group again, one after the other. One that cannot be is left as it is.</summary>
    /// <exception cref="OpCommandException">See its codes.</exception>
    public async Task RestartGroupAsync(string group) => await await AcceptAsync(OpCommandKind.Restart, group, null);

    /// <summary>Checks a command, and has it carried out.</summary>
    /// <param name="op">Null for the whole group.</param>
    /// <returns>Completes when the command is accepted; what it returns, when it has had its effect.</returns>
    /// <exception cref="OpCommandException">Nothing was changed; see its codes.</exception>
    public async Task<Task> AcceptAsync(OpCommandKind kind, string group, string? op)
    {
        var accepted = new TaskCompletionSource<IReadOnlyList<Task>>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_changes.Writer.TryWrite(new Change.Command(kind, group, op, accepted))) throw JobHasEnded();
        IReadOnlyList<Task> effects = await accepted.Task;
        return kind == OpCommandKind.Restart && op is null ? RestartMembersAsync(group) : Task.WhenAll(effects);
    }

    private async Task RestartMembersAsync(string group)
    {
        foreach (int index in MembersOf(group))
        {
            string op = job.Request.Definition.Ops[index].Id;
            try
            {
                await RestartOpAsync(group, op);
            }
            catch (OpCommandException e)
            {
                LogNotRestarted(op, e.Message); // the others are restarted all the same
            }
        }
    }

    private void Apply(Change.Command command, CancellationToken leave)
    {
        try
        {
            int[] members = MembersOf(command.Group);
            if (members.Length == 0) throw new OpCommandException(OpCommandException.GroupNotFound, $"No operation of the job is in group '{command.Group}'.");
            if (command.Op is { } id)
            {
                int index = members.FirstOrDefault(member => job.Request.Definition.Ops[member].Id == id, -1);
                command.Accepted.SetResult(command.Kind == OpCommandKind.Stop ? Stop(index, command) : Restart(index, command, leave));
                return;
            }
            RequireActive(command.Group, members);
            // A group's restart is a restart of one member after the other, each a command of its own.
            command.Accepted.SetResult(command.Kind == OpCommandKind.Stop ? [.. members.Where(CanBeStopped).SelectMany(StopNow)] : []);
        }
        catch (OpCommandException e)
        {
            command.Accepted.SetException(e);
        }
    }

    private IReadOnlyList<Task> Stop(int index, Change.Command command)
    {
        if (index < 0) throw new OpCommandException(OpCommandException.GroupNotFound, $"No operation '{command.Op}' is in group '{command.Group}'.");
        RequireFree(index);
        return StopNow(index);
    }

    private IReadOnlyList<Task> Restart(int index, Change.Command command, CancellationToken leave)
    {
        RequireActive(command.Group, MembersOf(command.Group));
        if (index < 0) throw new OpCommandException(OpCommandException.InvalidOpId, $"No operation '{command.Op}' is in group '{command.Group}'.");
        RequireFree(index);
        if (_running.TryGetValue(index, out OpRun? run)) return [Interrupt(run, OpCommandKind.Restart, StopReason.Restart)];
        // One that waits for its dependencies is started as it is, as on the official host.
        _ranBefore |= AnythingStarted;
        Start(index, leave);
        return [];
    }

    private IReadOnlyList<Task> StopNow(int index)
    {
        if (_running.TryGetValue(index, out OpRun? run)) return [Interrupt(run, OpCommandKind.Stop, StopReason.Requested)];
        if (_progress[index] == OpProgress.Waiting)
            LeaveOut([index], (_, state) => Stopped(state, "The operation was not started: the job's owner stopped it."));
        return [];
    }

    private static Task Interrupt(OpRun run, OpCommandKind kind, StopReason reason)
    {
        run.Pending = kind;
        run.Done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        run.Context.RequestStop(reason);
        return run.Done.Task;
    }

    private bool CanBeStopped(int index) => _running.GetValueOrDefault(index)?.Pending is null;

    private void RequireFree(int index)
    {
        if (_running.GetValueOrDefault(index)?.Pending is not { } pending) return;
        string id = job.Request.Definition.Ops[index].Id;
        throw pending == OpCommandKind.Stop
            ? new OpCommandException(OpCommandException.Stopping, $"Operation '{id}' is being stopped.")
            : new OpCommandException(OpCommandException.Restarting, $"Operation '{id}' is being restarted.");
    }

    private void RequireActive(string group, int[] members)
    {
        if (IsEnding) throw new OpCommandException(OpCommandException.GroupNotActive, "The job is ending.");
        FlowPlan plan = job.Request.Plan;
        int active = plan.Next(_progress).GroupIndex;
        if (members.Length > 0 && plan.Ops[members[0]].GroupIndex != active)
            throw new OpCommandException(OpCommandException.GroupNotActive, $"Group '{group}' is not the one that runs.");
        if (members.Length == 0) throw new OpCommandException(OpCommandException.GroupNotFound, $"No operation of the job is in group '{group}'.");
    }

    private int[] MembersOf(string group) => [.. job.Request.Definition.Ops.Where(op => op.GroupName == group).Select(op => op.Index)];

    /// <summary>Nothing reads the channel any more: who still waits is told so.</summary>
    private void RefuseCommands()
    {
        _changes.Writer.Complete();
        while (_changes.Reader.TryRead(out Change? change))
            if (change is Change.Command command) command.Accepted.SetException(JobHasEnded());
        foreach (OpRun run in _running.Values)
        {
            run.Done?.TrySetException(JobHasEnded());
            run.Context.Dispose();
        }
    }

    private static OpCommandException JobHasEnded() => new(OpCommandException.GroupNotActive, "The job does not run here any more.");

    [LoggerMessage(313, LogLevel.Warning, "Operation {Op} was not restarted: {Problem}")]
    private partial void LogNotRestarted(string op, string problem);
}
