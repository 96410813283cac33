using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Nosana.Docker;
using Nosana.Ipfs.Http;
using Nosana.Node.Chain;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Exposure;
using Nosana.Node.Gpus;
using Nosana.Node.HostManager;
using Nosana.Node.Hosting;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.Admission;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Journal;
using Nosana.Node.Market;
using Nosana.Node.Operations;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary><c>start</c>: the host. Checks everything first, then serves its market until it is told to stop.</summary>
internal static class StartCommand
{
    public static Command Create()
    {
        var network = new NetworkOptions();
        var key = new KeyOptions();
        var engine = new EngineOptions();
        var share = new ShareOptions();
        var resources = new ResourceCommandOptions();
        var images = new ImageCommandOptions();
        var log = new LogFormatOptions();
        var hostManager = new HostManagerOptions();
        var market = new Option<string?>("--market") { Description = "market to serve (NOSANA_MARKET); when absent the one that the host manager recommends, or that of the embedded network" };
        var state = new StateOptions();
        var createAccounts = new Option<bool>("--create-accounts") { Description = "make the wallet's NOS token account and stake account when they are missing" };
        var exposePort = new Option<int>("--expose-port") { Description = "port on loopback for exposed ports of jobs; 0 takes a free one", DefaultValueFactory = _ => ExposureOptions.DefaultPort };
        var command = new Command("start", "serve a market: take jobs, run them, publish their results, be paid") { market, createAccounts, exposePort };
        state.AddTo(command);
        network.AddTo(command);
        key.AddTo(command);
        engine.AddTo(command);
        share.AddTo(command);
        resources.AddTo(command);
        images.AddTo(command);
        log.AddTo(command);
        hostManager.AddTo(command);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(async () =>
        {
            NetworkSettings settings = hostManager.Apply(parse, network.Read(parse));
            HostSite site = hostManager.ReadSite(parse);
            PublicKey? named = (parse.GetValue(market) ?? Environment.GetEnvironmentVariable("NOSANA_MARKET")) is { Length: > 0 } text ? Addresses.Parse(text) : null;
            string directory = state.DirectoryOf(parse);

            using ILoggerFactory logs = log.Create(parse, toStandardError: false);
            LoadedKey loaded = KeyFile.Load(key.PathOf(parse));
            var wallet = new HostWallet(loaded.Account);
            ILogger logger = logs.CreateLogger("nosana-node");
            if (loaded.Warning is { } warning) logger.LogKeyWarning(warning);
            using StateLock stateLock = StateLock.Acquire(Path.Combine(directory, "agent.lock"), $"the state directory {directory}");
            using KeyLock keyLock = KeyLock.Acquire(wallet.Address);
            using JournalStore journal = JournalStore.Open(Path.Combine(directory, "journal.db"), TimeProvider.System);
            using IEngineClient docker = engine.Connect(parse);
            using HostManagerTransport? managed = settings.HostManager is { } address ? new HostManagerTransport(address, TimeProvider.System) : null;
            HostManagerClient? manager = managed is null ? null : new HostManagerClient(managed, wallet.Account);
            if (manager is not null) settings = await settings.WithGivenRpcAsync(manager, logs, cancel);

            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "nosana-node" });
            builder.Services.AddSingleton(logs);
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
            builder.Services.AddSingleton(docker);
            HardeningProfile profile = await share.ReadAsync(parse, docker, cancel);
            builder.Services.AddSingleton(profile);
            builder.Services.AddSingleton(wallet);
            builder.Services.AddSingleton(journal);
            builder.Services.AddChain(settings);
            builder.Services.AddGpus();
            builder.Services.AddSingleton(images.Read(parse));
            builder.Services.AddEngine();
            builder.Services.AddResources(resources.Read(parse, Path.Combine(directory, "downloads"), new Dictionary<string, string> { [EngineLabels.Agent] = wallet.Address }));
            builder.Services.AddExposure();
            builder.Services.Configure<ExposureOptions>(options =>
            {
                options.Listen = new IPEndPoint(IPAddress.Loopback, parse.GetValue(exposePort));
                options.Domain = settings.ExposureDomain;
            });
            builder.Services.AddSingleton(provider => ExposureOf(settings, provider.GetRequiredService<ExposureServer>()));
            builder.Services.AddSingleton<IPullDisplay>(System.Console.IsOutputRedirected ? new PullLines(logs.CreateLogger<PullLines>()) : new PullBars());
            builder.Services.AddJobs(Path.Combine(directory, "logs"));

            if (manager is not null) builder.Services.AddHostManager(manager);

            // The slot is known only after its market was chosen and the preflight has found the access key; services that need it are made after that.
            PublicKey marketAddress = default;
            PublicKey? accessKey = null;
            builder.Services.AddSingleton(provider => new MarketSlot("0", marketAddress, () => EngineOptions.Through(profile, GpuSlot.Every.View(provider.GetRequiredService<GpuInventory>().Read())), accessKey));
            builder.Services.AddSingleton<HostHealth>();
            builder.Services.AddSingleton<HostProblem>(provider => provider.GetRequiredService<HostHealth>().ProblemAsync);
            builder.Services.AddStatus(directory);
            builder.Services.AddMarket();
            using IHost host = builder.Build();
            marketAddress = await host.Services.ChooseMarketAsync(named, settings, site, directory, cancel);

            var preflight = new Preflight(host.Services.GetRequiredService<NosanaChain>(), host.Services.GetRequiredService<TransactionOutbox>(), host.Services.GetRequiredService<ContainerRuntime>(), wallet, marketAddress);
            (accessKey, IReadOnlyList<string> problems) = await preflight.CheckAsync(parse.GetValue(createAccounts), settings.IpfsCredential is not null, cancel);
            if (problems.Count > 0) throw new CommandException("start is not possible:\n" + string.Join('\n', problems.Select(problem => $"  - {problem}")), ExitCodes.Refused);
            if (host.Services.GetRequiredService<EgressGuard>().Read().Problem is { } open) logger.LogEgressInactive(open);
            if (profile.GpuInjection == GpuInjection.None) logger.LogNoGpus(GpuInjections.WhyNone);
            logger.LogServing(settings.Name, marketAddress, wallet.Address);
            await host.RunAsync(cancel);
            return ExitCodes.Success;
        }, cancel));
        return command;
    }

    // Behind the network's ingress names have https and no port; on the embedded network the listener itself is what clients reach.
    private static ExposureSettings ExposureOf(NetworkSettings settings, ExposureServer server) => settings.IsLocal
        ? new ExposureSettings(settings.ExposureDomain, Uri.UriSchemeHttp, () => server.Address.Port)
        : new ExposureSettings(settings.ExposureDomain, Uri.UriSchemeHttps, () => null);
}
