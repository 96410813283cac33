using System.Text;
using Nosana.Docker;
using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Ssh.Protocol;

namespace Nosana.Node.Ssh.Shells;

/// <summary>
/// Opens shells in operations that run: a program of the container, with its user, its rights and its limits, at a terminal of the engine's.
/// </summary>
internal sealed partial class OpShells(RunningJobs jobs, IEngineClient engine, TimeProvider time, ILogger<OpShells> logger)
{
    private static readonly string[] s_shells = ["/bin/bash", "/bin/sh"];

    /// <summary>The first thing that a shell says is the number of its process, by which it is hung up.</summary>
    private static readonly TimeSpan s_longestStart = TimeSpan.FromSeconds(20);

    /// <summary>More than the digits of a number and the end of a line.</summary>
    private const int LongestNumber = 24;

    /// <summary>The operation that is meant where none is named: the first whose container runs, else the first that has one at all.</summary>
    /// <param name="id">Null names none.</param>
    /// <returns>Null when there is no such operation, or the job does not run here.</returns>
    public int? Find(string job, string? id)
    {
        if (!jobs.TryFind(job, out JobRunner? runner)) return null;
        Operation[] ops = [.. runner.Job.Request.Definition.Ops.Where(op => op.Type == OperationType.ContainerRun && (id is null || op.Id == id))];
        return (ops.FirstOrDefault(op => ContainerOf(runner, op.Index) is not null) ?? ops.FirstOrDefault())?.Index;
    }

    /// <param name="terminal">The client's TERM; what could be anything else than a name is left out.</param>
    /// <exception cref="ShellException">There is none to be had; the message is for whoever wants it.</exception>
    public async Task<OpShell> OpenAsync(string job, int op, SshTerminalSize size, string terminal, CancellationToken cancel)
    {
        if (!jobs.TryFind(job, out JobRunner? runner)) throw new ShellException("This job does not run here any more.");
        string name = runner.Job.Request.Definition.Ops[op].Id;
        if (ContainerOf(runner, op) is not { } container) throw new ShellException($"Operation '{name}' does not run now.");
        using var limit = new CancellationTokenSource(s_longestStart, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            string shell = await FindShellAsync(container, either.Token)
                ?? throw new ShellException($"The image of operation '{name}' has neither {string.Join(" nor ", s_shells)}.");
            OpShell opened = await StartAsync(container, shell, size, terminal, either.Token);
            LogOpened(job, name);
            return opened;
        }
        catch (DockerException e)
        {
            LogFailed(job, name, e.Message);
            throw new ShellException($"The engine cannot open a shell in operation '{name}'.", e);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new ShellException($"The engine did not open a shell in operation '{name}' within {s_longestStart.TotalSeconds} s.");
        }
    }

    private static string? ContainerOf(JobRunner runner, int op) => runner.Job.Flow.Read(flow => flow.OpStates[op]) is
    { Status: FlowStatus.Running, EndTime: null, ProviderId: { } container }
        ? container
        : null;

    private async Task<string?> FindShellAsync(string container, CancellationToken cancel)
    {
        foreach (string shell in s_shells)
            if (await engine.MeasureFileAsync(container, shell, cancel) is not null) return shell;
        return null;
    }

    private async Task<OpShell> StartAsync(string container, string shell, SshTerminalSize size, string terminal, CancellationToken cancel)
    {
        bool isName = terminal.Length is > 0 and <= 64 && terminal.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '+' or '_');
        var spec = new TerminalSpec([shell, "-c", $"echo $$; exec {shell} -i"], [$"TERM={(isName ? terminal : "xterm")}"]);
        string exec = await engine.CreateTerminalAsync(container, spec, cancel);
        Stream stream = await engine.StartTerminalAsync(exec, cancel);
        try
        {
            (int? pid, byte[] shown) = await ReadNumberAsync(stream, cancel);
            var opened = new OpShell(engine, container, exec, shell, stream, pid, shown, time, logger);
            await opened.ResizeAsync(size, cancel);
            return opened;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <returns>The shell's number in its container, and what else has been shown by then; no number when the shell did not start.</returns>
    private static async Task<(int? Pid, byte[] Shown)> ReadNumberAsync(Stream stream, CancellationToken cancel)
    {
        var bytes = new byte[LongestNumber];
        int have = 0;
        while (have < bytes.Length && bytes.AsSpan(0, have).IndexOf((byte)'\n') < 0)
        {
            int count = await stream.ReadAsync(bytes.AsMemory(have), cancel);
            if (count == 0) break;
            have += count;
        }
        int end = bytes.AsSpan(0, have).IndexOf((byte)'\n');
        bool isNumber = int.TryParse(Encoding.ASCII.GetString(bytes, 0, Math.Max(end, 0)).TrimEnd('\r'), out int pid) && pid > 1;
        return isNumber ? (pid, bytes[(end + 1)..have]) : (null, bytes[..have]);
    }

    [LoggerMessage(7020, LogLevel.Information, "A shell was opened in operation {Op} of job {Job}")]
    private partial void LogOpened(string job, string op);

    [LoggerMessage(7021, LogLevel.Warning, "No shell in operation {Op} of job {Job}: {Problem}")]
    private partial void LogFailed(string job, string op, string problem);
}

/// <summary>There is no shell to be had; the message is for whoever wants it.</summary>
internal sealed class ShellException(string message, Exception? inner = null) : Exception(message, inner);
