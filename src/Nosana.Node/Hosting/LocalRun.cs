using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Exposure;
using Nosana.Node.Files;
using Nosana.Node.Gpus;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Hosting.Startup;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.Admission;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Journal;
using Nosana.Node.Retries;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Hosting;

/// <summary>
/// What <c>run</c> takes of the rooms: one job on the engine, without market and chain. What it leaves on disk is gone at its end, but for a
/// named cache.
/// </summary>
internal sealed partial class LocalRun : IAsyncDisposable
{
    private const string IdAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string Domain = "localhost";

    private readonly string _directory;
    private readonly StateLock? _cacheLock;
    private readonly JournalStore _journal;
    private readonly ServiceProvider _services;

    private LocalRun(NodeSettings settings, ILoggerFactory logs, string? cache, int port, Action<IServiceCollection> first)
    {
        // Resources go with the job, unless there is a place to remember them in.
        string? kept = cache is null ? null : Path.GetFullPath(cache);
        if (kept is not null && PrivateFiles.Claim(kept, ["agent.lock", "journal.db", "downloads"]) is { } warning)
            LogWarning(logs.CreateLogger<LocalRun>(), warning);
        _cacheLock = kept is null ? null : StateLock.Acquire(Path.Combine(kept, "agent.lock"), $"the resource cache {kept}");
        _journal = kept is null ? JournalStore.InMemory(TimeProvider.System) : JournalStore.Open(Path.Combine(kept, "journal.db"), TimeProvider.System);
        Wallet = File.Exists(settings.KeyFile) ? KeyFile.ReadAddress(settings.KeyFile) : Id;
        _directory = Directory.CreateTempSubdirectory("nosana-run-").FullName;
        var services = new ServiceCollection();
        first(services);
        services.TryAddSingleton<ISlotGpus, SlotGpus>();
        _services = services
            .AddSingleton(logs)
            .AddLogging()
            .AddSingleton(_journal)
            .AddStartValue<HardeningProfile>()
            .AddSingleton(settings.Refused())
            .AddSingleton(settings.Registries())
            .AddSingleton(new PullOptions { Retry = RetryPipelines.ImagePullInFrontOfAPerson })
            .AddEngine(settings.EngineAddress(), SettingsUse.RegistryAccounts())
            .AddGpus()
            .AddResources(settings.Resources(
                Path.Combine(kept ?? _directory, "downloads"), kept is null ? new(EngineLabels.Job, Id) : new(EngineLabels.Agent, kept)))
            .AddExposure(SettingsUse.OnLoopback(port), Domain)
            .AddSingleton(provider => new ExposureSettings(Domain, Uri.UriSchemeHttp, () => provider.GetRequiredService<ExposureServer>().Address.Port))
            .AddSingleton(settings.Logs())
            .AddJobs(_directory)
            .BuildServiceProvider();
    }

    /// <summary>Of the job and its run.</summary>
    public string Id { get; } = RandomNumberGenerator.GetString(IdAlphabet, 32);

    /// <summary>The address of the key file, where there is one.</summary>
    public string Wallet { get; }

    public IServiceProvider Services => _services;

    /// <summary>Makes everything ready, as far as the engine.</summary>
    /// <param name="cache">Directory that remembers resources; null remembers none.</param>
    /// <param name="port">For exposed ports, on loopback.</param>
    /// <param name="first">What the caller brings along.</param>
    /// <exception cref="CommandException">The engine does not answer, or has less than the settings ask for.</exception>
    public static async Task<LocalRun> PrepareAsync(
        NodeSettings settings, ILoggerFactory logs, string? cache, int port, Action<IServiceCollection> first, CancellationToken cancel)
    {
        var run = new LocalRun(settings, logs, cache, port, first);
        try
        {
            EngineStatus engine = await run.Services.GetRequiredService<ContainerRuntime>().PingAsync(cancel);
            ResourceLimits limits = settings.Limits();
            string[] faults = [.. settings.FaultsOf(limits, engine)];
            if (faults.Length > 0) throw new CommandException(string.Join(' ', faults), ExitCodes.Refused);
            run.Services.GetRequiredService<StartValue<HardeningProfile>>().Found(limits.Of(engine, new HardeningProfile()));
            return run;
        }
        catch (Exception e)
        {
            await run.DisposeAsync();
            if (e is EngineException) throw new CommandException(e.Message, ExitCodes.Refused, e);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _journal.Dispose();
        _cacheLock?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [LoggerMessage(104, LogLevel.Warning, "{Warning}")]
    private static partial void LogWarning(ILogger logger, string warning);
}
