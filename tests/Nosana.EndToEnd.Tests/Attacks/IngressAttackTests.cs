using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Nosana.Node.Exposure;
using Nosana.Node.Exposure.Forwarding;
using Nosana.Node.Tests.Exposure;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>Strangers at the ingress of exposed ports, over loopback. Each control is the same attack with that one protection off.</summary>
public sealed class IngressAttackTests : IAsyncLifetime
{
    private const string Name = "4slzmqbma1htu5tifyhwprenkjfa3jlz6jbzmt2z39yq.localhost", Other = "other.localhost", Node = "node-address.localhost";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly List<ServiceProvider> _ingresses = [];
    private readonly RawServer _service = new(), _victim = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProvider ingress in _ingresses) await ingress.DisposeAsync();
        await _service.DisposeAsync();
        await _victim.DisposeAsync();
    }

    [Fact]
    public async Task Host_OfAServiceOnLoopback_LeadsNowhere()
    {
        (ExposureTable table, IPEndPoint ingress) = await StartAsync();
        string[] hosts = [$"127.0.0.1:{_victim.EndPoint.Port}", $"localhost:{_victim.EndPoint.Port}", $"{Name}@127.0.0.1", $"127.0.0.1:{_victim.EndPoint.Port}#{Name}", "[::1]"];
        foreach (string host in hosts)
        {
            await RawClient.ExchangeAsync(ingress, $"GET / HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: {Name}\r\nConnection: close\r\n\r\n");
            await RawClient.ExchangeAsync(ingress, $"GET http://{host}/ HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n");
            await RawClient.ExchangeAsync(ingress, $"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n");
            await RawClient.ExchangeAsync(ingress, $"GET //{host}/ HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n");
        }
        Assert.Empty(_victim.Heads);

        table.Add("victim.localhost", _victim.Address, "job"); // what no definition can do: a name of the table that leads there
        await RawClient.ExchangeAsync(ingress, "GET / HTTP/1.1\r\nHost: victim.localhost\r\nConnection: close\r\n\r\n");
        Assert.Single(_victim.Heads);
    }

    [Fact]
    public async Task Name_OfTheNode_IsNoJobs()
    {
        (ExposureTable table, IPEndPoint ingress) = await StartAsync();
        string request = $"GET / HTTP/1.1\r\nHost: {Node}\r\nConnection: close\r\n\r\n";
        table.Add(Node, _victim.Address, ExposureTable.NodeOwner);
        table.Add(Node, _service.Address, "job");
        await RawClient.ExchangeAsync(ingress, request);
        Assert.Equal((1, 0), (_victim.Heads.Count, _service.Heads.Count));

        table.Add(Other, _victim.Address, "a job"); // an ordinary name goes to whoever had it last
        table.Add(Other, _service.Address, "job");
        await RawClient.ExchangeAsync(ingress, request.Replace(Node, Other, StringComparison.Ordinal));
        Assert.Equal((1, 1), (_victim.Heads.Count, _service.Heads.Count));
    }

    [Fact]
    public async Task Request_WithTwoEnds_SmugglesNoSecondOne()
    {
        (_, IPEndPoint ingress) = await StartAsync();
        string smuggled = "GET /admin HTTP/1.1\r\nHost: x\r\nX-Rest: ";
        string attack = $"POST / HTTP/1.1\r\nHost: {Name}\r\nContent-Length: {smuggled.Length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}";
        string following = $"GET /honest HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n";
        await RawClient.ExchangeAsync(ingress, attack);
        await RawClient.ExchangeAsync(ingress, following);
        Assert.StartsWith("GET /honest", Assert.Single(_service.Heads), StringComparison.Ordinal);

        // A proxy that goes by the length and passes the bytes on leaves the second request in the container's connection.
        using TcpClient relayed = await RawClient.ConnectAsync(_service.EndPoint);
        await relayed.GetStream().WriteAsync(Encoding.Latin1.GetBytes(attack[attack.IndexOf("GET /admin", StringComparison.Ordinal)..] + following), Token);
        await RawClient.ReadToEndAsync(relayed.GetStream());
        Assert.StartsWith("GET /admin", _service.Heads.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_ThatNeverEnd_HoldNoConnection()
    {
        (_, IPEndPoint ingress) = await StartAsync();
        (_, IPEndPoint patient) = await StartAsync(options => options.HeadersTimeout = TimeSpan.FromHours(1));
        Task<string>[] held = [.. Enumerable.Range(0, 100).Select(_ => LorisAsync(patient))];
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => LorisAsync(ingress)));
        Assert.All(held, loris => Assert.False(loris.IsCompleted));

        static async Task<string> LorisAsync(IPEndPoint server)
        {
            using TcpClient client = await RawClient.ConnectAsync(server);
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"GET / HTTP/1.1\r\nHost: {Name}\r\nX-Slow: "), Token);
            return await RawClient.ReadToEndAsync(client.GetStream());
        }
    }

    [Theory]
    [InlineData(8, 429)]
    [InlineData(9, 200)]
    public async Task Requests_ThatHangOnOneName_LeaveRoomForOthers(int limit, int expected)
    {
        (ExposureTable table, IPEndPoint ingress) = await StartAsync(options => options.Limits = new RouteLimits { Connections = limit });
        _victim.Answer = "";
        table.Add(Name, _victim.Address, "job");
        Task[] hanging = [.. Enumerable.Range(0, 8).Select(_ => RawClient.ExchangeAsync(ingress, $"GET / HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n"))];
        await Eventually.TrueAsync(() => _victim.Heads.Count == 8, "eight requests under way");
        _victim.Answer = RawServer.Ok;
        Assert.Equal(expected, RawClient.StatusOf(await RawClient.ExchangeAsync(ingress, $"GET / HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n")));
        table.Add(Other, _service.Address, "another job");
        Assert.Equal(200, RawClient.StatusOf(await RawClient.ExchangeAsync(ingress, $"GET / HTTP/1.1\r\nHost: {Other}\r\nConnection: close\r\n\r\n")));
        table.RemoveJob("job");
        await Task.WhenAll(hanging);
    }

    [Theory]
    [InlineData(false, "127.0.0.1")]
    [InlineData(true, "203.0.113.7, 127.0.0.1")]
    public async Task Address_ThatAClientClaims_IsNotItsOwn(bool isTrusted, string expected)
    {
        (_, IPEndPoint ingress) = await StartAsync(options => options.Trusted = isTrusted ? [IPNetwork.Parse("127.0.0.0/8")] : []);
        await RawClient.ExchangeAsync(ingress, $"GET / HTTP/1.1\r\nHost: {Name}\r\nX-Forwarded-For: 203.0.113.7\r\nConnection: close\r\n\r\n");
        Assert.Equal(expected, RawClient.HeaderOf(_service.TakeHead(), "X-Forwarded-For"));
    }

    private async Task<(ExposureTable Table, IPEndPoint EndPoint)> StartAsync(Action<ExposureOptions>? more = null)
    {
        ServiceProvider services = new ServiceCollection().AddLogging().AddExposure(new IPEndPoint(IPAddress.Loopback, 0), "localhost", options =>
        {
            options.HeadersTimeout = s_patience;
            more?.Invoke(options);
        }).BuildServiceProvider();
        _ingresses.Add(services);
        ExposureServer server = services.GetRequiredService<ExposureServer>();
        await server.StartAsync(Token);
        ExposureTable table = services.GetRequiredService<ExposureTable>();
        table.Add(Name, _service.Address, "job");
        return (table, new IPEndPoint(IPAddress.Loopback, server.Address.Port));
    }
}
