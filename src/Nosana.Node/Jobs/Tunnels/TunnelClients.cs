using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Images;
using Nosana.Node.Exposure;
using Nosana.Node.Retries;

namespace Nosana.Node.Jobs.Tunnels;

/// <summary>
/// Containers of the network's tunnel client, each kept running as long as what it serves is there. One is taken up again after a restart of this agent,
/// and is given time to say goodbye at its end: one that is killed counts as lost, upon which a deployment gets another host.
/// </summary>
internal sealed partial class TunnelClients(
    TunnelSettings settings, ContainerRuntime containers, ImageStore images, TunnelEntrance entrance, TimeProvider time, ILogger<TunnelClients> logger)
{
    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);

    /// <summary>It relays bytes; it is no tenant's, but it is not this agent either.</summary>
    private static readonly HardeningProfile s_profile =
        new() { MemoryBytes = 256 << 20, ShmBytes = 16 << 20, PidsLimit = 512, LogBytes = 8 << 20, OomScoreAdjust = 0 };

    private readonly ConcurrentDictionary<string, (TunnelState State, string? Problem)> _states = new(StringComparer.Ordinal);

    /// <summary>What follows the id in a host name.</summary>
    public string Domain => settings.Domain;

    /// <summary>How the tunnels are, by their names.</summary>
    public IReadOnlyDictionary<string, (TunnelState State, string? Problem)> States => _states;

    /// <summary>Keeps a tunnel up.</summary>
    /// <param name="tunnel">Which.</param>
    /// <param name="over">What it serves has ended: it says goodbye and is removed.</param>
    /// <param name="leave">This agent goes, and what is served stays: so does the tunnel.</param>
    public async Task RunAsync(Tunnel tunnel, CancellationToken over, CancellationToken leave)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, leave);
        int failures = 0;
        try
        {
            while (!either.IsCancellationRequested)
            {
                _states[tunnel.Name] = (TunnelState.Starting, null);
                long began = time.GetTimestamp();
                string problem;
                try
                {
                    problem = await RunOnceAsync(tunnel, either.Token);
                }
                catch (Exception e) when (e is EngineException or ExposureAddressException)
                {
                    problem = e.Message;
                }
                if (time.GetElapsedTime(began) > RetryPipelines.Tunnel.LongestWait) failures = 0;
                TimeSpan wait = RetryPipelines.Tunnel.WaitAfter(++failures);
                _states[tunnel.Name] = (TunnelState.Failing, problem);
                LogFailing(tunnel.Name, wait, problem);
                await Task.Delay(wait, time, either.Token);
            }
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // what it served has ended, or the agent goes
        }
        finally
        {
            _states.TryRemove(tunnel.Name, out _);
        }
        if (over.IsCancellationRequested) await EndAsync(tunnel.Name);
    }

    /// <returns>Why it ended.</returns>
    private async Task<string> RunOnceAsync(Tunnel tunnel, CancellationToken cancel)
    {
        (string network, System.Net.IPEndPoint ingress) = await entrance.OpenAsync(tunnel.Agent, cancel);
        using ImageLease image = await images.AcquireAsync(settings.Image, cancellationToken: cancel);
        ContainerSpec spec = SpecOf(tunnel, image.Image.Id, network, ingress);
        string id = await FindAsync(spec, cancel) ?? await StartAsync(spec);
        _states[tunnel.Name] = (TunnelState.Running, null);
        ContainerSnapshot ended = await containers.WaitAsync(id, cancel);
        return string.Create(CultureInfo.InvariantCulture, $"it ended by itself with {ended.Exit?.ExitCode}");
    }

    /// <summary>The same tunnel, left running by an earlier agent.</summary>
    private async Task<string?> FindAsync(ContainerSpec spec, CancellationToken cancel)
    {
        var labels = new Dictionary<string, string> { [EngineLabels.Tunnel] = spec.Labels[EngineLabels.Tunnel] };
        IReadOnlyList<FoundContainer> found = await containers.FindAsync(labels, cancel);
        return found.FirstOrDefault(one => one.Name == spec.Name && one.IsAlive)?.Id;
    }

    private async Task<string> StartAsync(ContainerSpec spec)
    {
        await EndAsync(spec.Name); // of an earlier agent, or another port
        // Not cancelled half-way: a container that is made is found by its name.
        string id = await containers.CreateAsync(spec, s_profile, CancellationToken.None);
        await containers.StartAsync(id, CancellationToken.None);
        return id;
    }

    private async Task EndAsync(string name)
    {
        try
        {
            await containers.StopAsync(name, Goodbye);
            await containers.RemoveAsync(name);
        }
        catch (EngineException e)
        {
            LogLeftBehind(name, e.Message);
        }
    }

    private ContainerSpec SpecOf(Tunnel tunnel, string imageId, string network, System.Net.IPEndPoint ingress)
    {
        var environment = new Dictionary<string, string>(tunnel.Environment)
        {
            ["FRP_SERVER_ADDR"] = settings.Server,
            ["FRP_SERVER_PORT"] = settings.Port.ToString(CultureInfo.InvariantCulture),
            ["FRP_PROXIES"] = FrpProxy.Write(tunnel.Proxies(ingress)),
        };
        string what = string.Join('\n', [imageId, .. environment.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}")]);
        return new ContainerSpec
        {
            Name = tunnel.Name,
            Image = settings.Image,
            ImageId = imageId,
            Command = tunnel.Command,
            Environment = environment,
            Mounts = tunnel.Mounts,
            NetworkName = network,
            Restart = new RestartPolicy(RestartPolicyKind.OnFailure, 5),
            Labels = new Dictionary<string, string>(tunnel.Labels)
            {
                [EngineLabels.Agent] = tunnel.Agent,
                [EngineLabels.Tunnel] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what))),
            },
        };
    }

    [LoggerMessage(316, LogLevel.Warning, "Tunnel {Tunnel} is down and tried again in {Delay}: {Problem}")]
    private partial void LogFailing(string tunnel, TimeSpan delay, string problem);

    [LoggerMessage(317, LogLevel.Warning, "Tunnel {Tunnel} may be left behind: {Problem}")]
    private partial void LogLeftBehind(string tunnel, string problem);
}
