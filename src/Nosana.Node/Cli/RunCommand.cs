using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
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

    public static Command Create()
    {
        var engine = new EngineOptions();
        var share = new ShareOptions();
        var key = new KeyOptions();
        var resources = new ResourceCommandOptions();
        var log = new LogFormatOptions();
        var network = new NetworkOptions();
        Argument<string> file = DefinitionArgument.Create();
        var noAdmission = new Option<bool>("--no-admission") { Description = "run although the definition asks for GPUs or VRAM that this machine has not (for authors of definitions)" };
        var timeout = new Option<long?>("--timeout") { Description = "seconds the job may run; none when absent" };
        var port = new Option<int>("--expose-port") { Description = "port on loopback for the definition's exposed ports; 0 takes a free one" };
        var cache = new Option<string?>("--cache") { Description = "directory that remembers fetched resources for the next run; without it they are removed with the job" };
        var command = new Command("run", "run a job definition here, without a market; result on standard output") { file, noAdmission, timeout, port, cache };
        engine.AddTo(command);
        share.AddTo(command);
        resources.AddTo(command);
        key.AddTo(command);
        log.AddTo(command);
        network.AddTo(command);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            DefinitionText text = await DefinitionArgument.ReadAsync(parse.GetRequiredValue(file), network, parse, cancel);
            string path = text.Name;
            LoadedDefinition loaded = text.Load();
            DefinitionArgument.Warn(path, loaded.Warnings);
            if (!loaded.CanRun) throw DefinitionArgument.Invalid(path, loaded.Faults);
            if (MissingSupport.Of(loaded.Definition) is { } missing) throw new CommandException($"{path}: {missing}", ExitCodes.Refused);

            using ILoggerFactory logs = log.Create(parse, toStandardError: true);
            using var gpus = new GpuInventory(Microsoft.Extensions.Options.Options.Create(new GpuOptions()), logs.CreateLogger<GpuInventory>());
            using IEngineClient docker = engine.Connect(parse);
            HardeningProfile profile = await share.ReadAsync(parse, docker, cancel);
            GpuSlotSnapshot slot = EngineOptions.Through(profile, GpuSlot.Every.View(gpus.Read()));
            if (!parse.GetValue(noAdmission) && JobAdmission.Check(loaded.Definition, slot) is { } refusal)
                throw new CommandException($"{path}: {refusal.Reason} (--no-admission runs it all the same)", ExitCodes.Refused);

            string id = RandomNumberGenerator.GetString(IdAlphabet, 32);
            string wallet = File.Exists(key.PathOf(parse)) ? KeyFile.ReadAddress(key.PathOf(parse)) : id;
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
            using JournalStore journal = kept is null ? JournalStore.InMemory(TimeProvider.System) : JournalStore.Open(Path.Combine(kept, "journal.db"), TimeProvider.System);
            ResourceOptions fetching = resources.Read(parse, kept ?? "", new Dictionary<string, string> { [kept is null ? EngineLabels.Job : EngineLabels.Agent] = kept ?? id });
            string directory = Directory.CreateTempSubdirectory("nosana-run-").FullName;
            fetching = fetching with { StagingDirectory = Path.Combine(kept ?? directory, "downloads") };
            return await RunAsync(request, docker, profile, parse.GetValue(timeout), parse.GetValue(port), directory, journal, fetching, logs, cancel);
        }, cancel));
        return command;
    }

    private static async Task<int> RunAsync(JobRequest request, IEngineClient docker, HardeningProfile profile, long? timeout, int port, string directory, JournalStore journal, ResourceOptions fetching, ILoggerFactory logs, CancellationToken cancel)
    {
        await using ServiceProvider services = Compose(docker, profile, directory, port, journal, fetching, logs);
        ExposureServer ingress = services.GetRequiredService<ExposureServer>();
        try
        {
            await EngineOptions.RequireAsync(services.GetRequiredService<ContainerRuntime>(), cancel);
            await ingress.StartAsync(cancel);
            using var control = new JobControl(CancellationToken.None);
            using CancellationTokenRegistration onInterrupt = cancel.Register(() => control.Stop(StopReason.Stopped));
            using ITimer? limit = timeout is { } seconds ? TimeProvider.System.CreateTimer(_ => control.Stop(StopReason.Expired), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan) : null;

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
            await services.DisposeAsync();
            Directory.Delete(directory, recursive: true);
        }
    }

    private static ServiceProvider Compose(IEngineClient docker, HardeningProfile profile, string directory, int port, JournalStore journal, ResourceOptions fetching, ILoggerFactory logs) => new ServiceCollection()
        .AddSingleton(logs)
        .AddLogging()
        .AddSingleton(docker)
        .AddSingleton(profile)
        .AddSingleton(journal)
        .AddEngine()
        .AddResources(fetching)
        .AddExposure()
        .Configure<ExposureOptions>(options => options.Listen = new IPEndPoint(IPAddress.Loopback, port))
        .AddSingleton(provider => new ExposureSettings("localhost", Uri.UriSchemeHttp, () => provider.GetRequiredService<ExposureServer>().Address.Port))
        .AddSingleton<IPullDisplay>(System.Console.IsErrorRedirected ? new PullLines(logs.CreateLogger<PullLines>()) : new PullBars())
        .AddJobs(directory)
        .BuildServiceProvider();
}
