using System.CommandLine;
using Nosana.JobDefinition;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Exposure;
using Nosana.Node.Gpus;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.Admission;
using Nosana.Node.Jobs.State;
using Nosana.Node.Logs;

namespace Nosana.Node.Cli;

/// <summary><c>run FILE</c>: one definition without a market. The result is the answer on standard output, the log goes to standard error.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Argument<string> file = DefinitionArgument.Create();
        var noAdmission = new Option<bool>("--no-admission")
        {
            Description = "run although the definition asks for GPUs or VRAM that this machine has not (for authors of definitions)",
        };
        Option<int?> timeout = CheckedOption.Number("--timeout", SettingType.Seconds, "seconds the job may run; without it as long as it takes");
        Option<int?> port = CheckedOption.Number(
            "--expose-port", SettingType.Port, "port on loopback for the definition's exposed ports; 0, or nothing said, takes a free one");
        var cache = new Option<string?>("--cache")
        {
            Description = "directory that remembers fetched resources for the next run; without it they are removed with the job",
        };
        var command = new Command("run", "run a job definition here, without a market; result on standard output") { file, noAdmission, timeout, port, cache };
        command.AddSettings(SettingGroup.Wallet, SettingGroup.Engine, SettingGroup.Resources, SettingGroup.Log);
        command.AddSettings(SettingGroup.Network);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            DefinitionText text = await DefinitionArgument.ReadAsync(parse.GetRequiredValue(file), parse, cancel);
            string path = text.Name;
            LoadedDefinition loaded = text.Load();
            DefinitionArgument.Warn(path, loaded.Warnings);
            if (!loaded.CanRun) throw DefinitionArgument.Invalid(path, loaded.Faults);
            if (loaded.Definition.Logistics is not null)
                throw new CommandException(
                    $"{path}: the job is confidential (logistics): its definition comes from its owner, or its result goes to him, by a market's job alone. "
                    + "Run the definition itself, without logistics.", ExitCodes.Refused);
            if (MissingSupport.Of(loaded.Definition) is { } missing) throw new CommandException($"{path}: {missing}", ExitCodes.Refused);

            NodeSettings settings = parse.ReadSettings();
            using ILoggerFactory logs = AgentLogging.Create(settings.Log, toStandardError: true);
            await using LocalRun local = await LocalRun.PrepareAsync(
                settings, logs, parse.GetValue(cache), parse.GetValue(port) ?? 0,
                services => services.AddSingleton<IPullDisplay>(
                    System.Console.IsErrorRedirected ? new PullLines(logs.CreateLogger<PullLines>()) : new PullBars()),
                cancel);
            GpuSlotSnapshot slot = local.Services.GetRequiredService<ISlotGpus>().Read();
            if (!parse.GetValue(noAdmission) && JobAdmission.Check(loaded.Definition, slot) is { } refusal)
                throw new CommandException($"{path}: {refusal.Reason} (--no-admission runs it all the same)", ExitCodes.Refused);

            var request = new JobRequest
            {
                Job = local.Id,
                Run = local.Id,
                Project = local.Wallet,
                Host = local.Wallet,
                Definition = loaded.Definition,
                Plan = loaded.Plan,
                Slot = new JobSlot("local", [.. slot.Gpus.Select(gpu => gpu.Uuid)]),
                Timeout = parse.GetValue(timeout) is { } limit ? TimeSpan.FromSeconds(limit) : null,
            };
            // A listener that nobody asks for is not started: it would be a tenth of the time of a short job.
            bool exposes = parse.GetValue(port) is not null || loaded.Definition.Ops.Any(op => op.Args.HasExpose);
            return await RunAsync(request, local.Services, exposes, parse.GetValue(timeout), cancel);
        }, cancel));
        return command;
    }

    private static async Task<int> RunAsync(JobRequest request, IServiceProvider services, bool exposes, int? timeout, CancellationToken cancel)
    {
        ExposureServer ingress = services.GetRequiredService<ExposureServer>();
        if (exposes) await ingress.StartAsync(cancel);
        try
        {
            using var control = new JobControl(CancellationToken.None);
            using CancellationTokenRegistration onInterrupt = cancel.Register(() => control.Stop(StopReason.Stopped));
            using ITimer? limit = timeout is { } seconds
                ? TimeProvider.System.CreateTimer(_ => control.Stop(StopReason.Expired), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan)
                : null;

            Task echo = OutputEcho.Start(services.GetRequiredService<LogStore>(), request.Job, request.Definition.Ops.Select(op => op.Id));
            JobOutcome outcome = await services.GetRequiredService<JobRunnerFactory>().Create(request, control, _ => { }).RunAsync();
            await echo;
            Terminal.WriteJson(ResultJson.WriteReadable(outcome.State));
            if (outcome.HostFault is { } fault) throw new CommandException(fault, ExitCodes.Refused);
            return control.Reason == StopReason.Stopped ? ExitCodes.Stopped : outcome.State.Status == FlowStatus.Success ? ExitCodes.Success : ExitCodes.Failed;
        }
        finally
        {
            if (exposes) await ingress.StopAsync(CancellationToken.None);
        }
    }
}
