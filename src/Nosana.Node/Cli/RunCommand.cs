using System.CommandLine;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Nosana.Docker;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Reading;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Exposure;
using Nosana.Node.Gpus;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.Admission;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Jobs.State;
using Nosana.Node.Journal;
using Nosana.Node.Logs;
using Nosana.Node.Market;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary><c>run FILE</c>: one definition without a market. The result is the answer on standard output, the log goes to standard error.</summary>
internal static class RunCommand
{
    private const string IdAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string LocalDomain = "localhost";

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
            if (MissingSupport.Of(loaded.Definition) is { } missing) throw new CommandException($"{path}: {missing}", ExitCodes.Refused);

            NodeSettings settings = parse.ReadSettings();
            using ILoggerFactory logs = AgentLogging.Create(settings.Log, toStandardError: true);
            using var gpus = new GpuInventory(Microsoft.Extensions.Options.Options.Create(new GpuOptions()), logs.CreateLogger<GpuInventory>());
            using IEngineClient docker = new EngineClient(settings.EngineAddress().Uri);
            HardeningProfile profile = await ProfileAsync(settings, docker, logs, cancel);
            GpuSlotSnapshot slot = new SlotGpus(gpus, profile).Read();
            if (!parse.GetValue(noAdmission) && JobAdmission.Check(loaded.Definition, slot) is { } refusal)
                throw new CommandException($"{path}: {refusal.Reason} (--no-admission runs it all the same)", ExitCodes.Refused);

            string id = RandomNumberGenerator.GetString(IdAlphabet, 32);
            string wallet = File.Exists(settings.KeyFile) ? KeyFile.ReadAddress(settings.KeyFile) : id;
            var request = new JobRequest
            {
                Job = id,
                Run = id,
                Project = wallet,
                Host = wallet,
                Definition = loaded.Definition,
                Plan = loaded.Plan,
                Slot = new JobSlot("local", [.. slot.Gpus.Select(gpu => gpu.Uuid)]),
            };
            // Resources go with the job, unless there is a place to remember them in.
            string? kept = parse.GetValue(cache) is { } place ? Path.GetFullPath(place) : null;
            using StateLock? cacheLock = kept is null ? null : StateLock.Acquire(Path.Combine(kept, "agent.lock"), $"the resource cache {kept}");
            using JournalStore journal = kept is null
                ? JournalStore.InMemory(TimeProvider.System)
                : JournalStore.Open(Path.Combine(kept, "journal.db"), TimeProvider.System);
            string directory = Directory.CreateTempSubdirectory("nosana-run-").FullName;
            ResourceOptions fetching = settings.Resources(
                Path.Combine(kept ?? directory, "downloads"), new(kept is null ? EngineLabels.Job : EngineLabels.Agent, kept ?? id));
            await using ServiceProvider services = new ServiceCollection()
                .AddSingleton(logs)
                .AddLogging()
                .AddSingleton(docker)
                .AddSingleton(profile)
                .AddSingleton(journal)
                .AddSingleton<IPullDisplay>(System.Console.IsErrorRedirected ? new PullLines(logs.CreateLogger<PullLines>()) : new PullBars())
                .AddEngine(settings.EngineAddress(), SettingsUse.RegistryAccounts())
                .AddResources(fetching)
                .AddExposure(SettingsUse.OnLoopback(parse.GetValue(port) ?? 0), LocalDomain)
                .AddSingleton(provider => new ExposureSettings(LocalDomain, Uri.UriSchemeHttp,
                    () => provider.GetRequiredService<ExposureServer>().Address.Port))
                .AddJobs(directory)
                .BuildServiceProvider();
            try
            {
                return await RunAsync(request, services, parse.GetValue(timeout), cancel);
            }
            finally
            {
                await services.DisposeAsync();
                Directory.Delete(directory, recursive: true);
            }
        }, cancel));
        return command;
    }

    /// <summary>What containers may use of the engine.</summary>
    /// <exception cref="CommandException">The engine does not answer, or has less than the settings ask for.</exception>
    private static async Task<HardeningProfile> ProfileAsync(NodeSettings settings, IEngineClient docker, ILoggerFactory logs, CancellationToken cancel)
    {
        EngineStatus engine;
        try
        {
            engine = await new ContainerRuntime(docker, logs.CreateLogger<ContainerRuntime>()).PingAsync(cancel);
        }
        catch (EngineException e)
        {
            throw new CommandException(e.Message, ExitCodes.Refused, e);
        }
        ResourceLimits limits = settings.Limits();
        string[] faults = [.. settings.FaultsOf(limits, engine)];
        return faults.Length == 0 ? limits.Of(engine, new HardeningProfile()) : throw new CommandException(string.Join(' ', faults), ExitCodes.Refused);
    }

    private static async Task<int> RunAsync(JobRequest request, IServiceProvider services, int? timeout, CancellationToken cancel)
    {
        ExposureServer ingress = services.GetRequiredService<ExposureServer>();
        await ingress.StartAsync(cancel);
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
            System.Console.Out.WriteLine(ResultJson.WriteIndented(outcome.State));
            if (outcome.HostFault is { } fault) throw new CommandException(fault, ExitCodes.Refused);
            return control.Reason == StopReason.Stopped ? ExitCodes.Stopped : outcome.State.Status == FlowStatus.Success ? ExitCodes.Success : ExitCodes.Failed;
        }
        finally
        {
            await ingress.StopAsync(CancellationToken.None);
        }
    }
}
