using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Nosana.LocalNet.Front;

/// <summary>
/// The connection of one tunnel client, and the streams that go through it. Lines both ways: the client begins with a <see cref="TunnelHello"/>, then says
/// <c>health NAME up|down</c> and <c>goodbye</c>; the front says <c>work ID NAME</c>, upon which the client opens a connection that begins with
/// <c>conn ID</c> and is from there on the stream.
/// </summary>
internal sealed class FrontTunnel(FrontProxies proxies, FrontStreams streams, NetworkStream control) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>Serves the tunnel until it ends.</summary>
    /// <param name="hello">Its first line.</param>
    public async Task ServeAsync(string hello, CancellationToken cancel)
    {
        string reason = FrontEvent.Lost;
        try
        {
            if (JsonSerializer.Deserialize(hello, FrontJson.Default.TunnelHello) is not { Proxies: not null } said) return;
            foreach (FrontProxy proxy in said.Proxies.SelectMany(item => ProxiesOf(said, item))) proxies.Register(proxy);
            while (await FrontLines.ReadAsync(control, cancel) is { } line)
            {
                if (line == "goodbye") reason = FrontEvent.Graceful;
                else if (line.Split(' ') is ["health", var name, var health]) proxies.SetHealth(this, name, health == "up");
            }
        }
        catch (Exception e) when (e is IOException or JsonException or OperationCanceledException)
        {
            // cut off, or no tunnel client at all
        }
        finally
        {
            proxies.Unregister(this, reason);
        }
    }

    /// <summary>A stream to what is behind a proxy.</summary>
    /// <exception cref="IOException">The client brings none.</exception>
    public Task<NetworkStream> OpenAsync(FrontProxy proxy, CancellationToken cancel) => streams.WaitAsync(
        async id =>
        {
            await _writing.WaitAsync(cancel);
            try
            {
                await control.WriteAsync(Encoding.ASCII.GetBytes($"work {id} {proxy.Name}\n"), cancel);
            }
            finally
            {
                _writing.Release();
            }
        },
        cancel);

    public void Dispose() => _writing.Dispose();

    private IEnumerable<FrontProxy> ProxiesOf(TunnelHello hello, TunnelItem item)
    {
        var labels = new Dictionary<string, string>();
        if (hello.DeploymentId is { Length: > 0 } deployment) labels["deploymentId"] = deployment;
        if (item.OpId is { Length: > 0 } op) labels["opId"] = op;
        if (hello.JobId is { Length: > 0 } job) labels["jobId"] = job;
        yield return new FrontProxy(item.Name, item.Type ?? FrontProxy.Http, item.CustomDomain, false, labels) { Tunnel = this };
        if (item.DeploymentDomain is { } shared)
            yield return new FrontProxy($"{item.Name}-dp", FrontProxy.Http, shared, true, labels) { Tunnel = this };
    }
}
