using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Nosana.LocalNet;
using Nosana.LocalNet.HostManager;
using Nosana.Node.HostManager;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.HostManager;

/// <summary>The stand-in, a client with the key of the vectors, and what was logged. The network's clock and the client's are two.</summary>
internal sealed class ManagerScene : IAsyncDisposable
{
    private readonly HostManagerTransport _transport;

    private ManagerScene(LocalNetServer network)
    {
        Network = network;
        _transport = new HostManagerTransport(new HttpClient(HostManagerTransport.Harden(new SocketsHttpHandler())), network.HostManagerUri, Clock);
        Client = new HostManagerClient(_transport, HostAuthorizationTests.KeyA);
        Introduction = new HostIntroduction(Client, Clock, Logs.CreateLogger<HostIntroduction>());
    }

    public LocalNetServer Network { get; }

    public HostManagerStandIn Manager => Network.HostManager;

    public ManualTimeProvider Clock { get; } = new();

    public LogLines Logs { get; } = new();

    public HostManagerClient Client { get; }

    public HostIntroduction Introduction { get; }

    public static HostSpecs Specs { get; } = new()
    {
        Version = "0.1.0",
        Country = "NL",
        Network = new NetworkSpecs("", 0, 940, 880),
        SystemEnvironment = "Debian 12",
        Cpu = new CpuSpecs("Stand-in CPU", 8, 16),
        DiskGb = 100,
        RamMb = 64_000,
        Gpus = new GpuSpecs([new GpuDeviceSpecs(0, "NVIDIA 4090", "GPU-1", new GpuMemorySpecs(24_564), new GpuArchitectureSpecs(8, 9), [])], 12_040, 12_040, "550.54.14"),
    };

    public static PublicKey Host => HostAuthorizationTests.KeyA.PublicKey;

    public static async Task<ManagerScene> StartAsync() => new(await LocalNetServer.StartAsync(new LocalNetOptions { Port = 0 }, TestContext.Current.CancellationToken));

    /// <summary>Runs a call whose answer never comes until it has given up.</summary>
    public async Task GivesUpAsync(Task call)
    {
        await Eventually.TrueAsync(() => Manager.Requests.Count > 0, "the request has arrived");
        await Eventually.EndsAsync(call, Clock, TimeSpan.FromSeconds(1));
        await call;
    }

    public async ValueTask DisposeAsync()
    {
        _transport.Dispose();
        Logs.Dispose();
        await Network.DisposeAsync();
    }
}

/// <summary>Everything logged, as text with its level before it.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>What is less is not kept.</summary>
    public LogLevel Least { get; set; } = LogLevel.Trace;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= Least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) _lines.Enqueue($"{logLevel}: {formatter(state, exception)}{(logLevel >= LogLevel.Error && exception is not null ? $" {exception}" : "")}");
    }

    public void Dispose()
    {
    }
}
