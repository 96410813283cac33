using System.Net;
using System.Net.Sockets;
using System.Text;
using Nosana.Ipfs.Http;
using Nosana.Ipfs.UnixFs;
using Nosana.Testing;

namespace Nosana.Ipfs.Tests.Http;

public sealed class IpfsGatewayClientTests : IDisposable
{
    private static readonly byte[] Document = Encoding.UTF8.GetBytes("""{"version":"0.1","type":"container","ops":[]}""");
    private static readonly Cid DocumentCid = UnixFsNode.CidOf(Document);

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ManualTimeProvider _clock = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task FetchAsync_GatewayHasIt_AsksForPrefixPlusCid()
    {
        string? path = null;
        await using LoopbackServer server = await LoopbackServer.StartAsync((context, _) =>
        {
            path = context.Request.Path;
            return context.Response.Body.WriteAsync(Document).AsTask();
        });

        byte[] content = await Client(new Uri(server.Address, "ipfs")).FetchAsync(DocumentCid, cancellationToken: Token);

        Assert.Equal(Document, content);
        Assert.Equal($"/ipfs/{DocumentCid}", path);
    }

    [Fact]
    public async Task FetchAsync_ManyChunks_IsVerifiedToo()
    {
        byte[] large = UnixFsNodeTests(3_000_000);
        await using LoopbackServer server = await LoopbackServer.StartAsync(large);

        byte[] content = await Client(server.Gateway).FetchAsync(UnixFsNode.CidOf(large), large.Length, Token);

        Assert.Equal(large, content);
    }

    [Fact]
    public async Task FetchAsync_OtherBytes_AreRefusedWithBothIdentifiers()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync("{}"u8.ToArray());

        var error = await Assert.ThrowsAsync<IpfsContentMismatchException>(() => Client(server.Gateway).FetchAsync(DocumentCid, cancellationToken: Token));

        Assert.Equal(DocumentCid, error.Expected);
        Assert.Equal("QmbJWAESqCsf4RFCqEY7jecCashj8usXiyDNfKtZCwwzGb", error.Actual.ToString());
        Assert.Contains(server.Gateway.GetLeftPart(UriPartial.Authority), error.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task FetchAsync_FirstGatewayLies_SecondIsUsed()
    {
        await using LoopbackServer liar = await LoopbackServer.StartAsync("{}"u8.ToArray());
        await using LoopbackServer honest = await LoopbackServer.StartAsync(Document);

        byte[] content = await Client(liar.Gateway, honest.Gateway).FetchAsync(DocumentCid, cancellationToken: Token);

        Assert.Equal(Document, content);
        Assert.Equal((1, 1), (liar.Requests, honest.Requests));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FetchAsync_OverTheLimit_StopsReading(bool announced)
    {
        byte[] large = new byte[5000];
        await using LoopbackServer server = await LoopbackServer.StartAsync((context, _) =>
        {
            if (announced) context.Response.ContentLength = large.Length;
            return context.Response.Body.WriteAsync(large).AsTask();
        });

        var error = await Assert.ThrowsAsync<IpfsTooLargeException>(() => Client(server.Gateway).FetchAsync(UnixFsNode.CidOf(large), 4999, Token));

        Assert.Equal(4999, error.Limit);
        Assert.Contains("4999", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FetchAsync_ExactlyTheLimit_IsRead()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(Document);
        Assert.Equal(Document, await Client(server.Gateway).FetchAsync(DocumentCid, Document.Length, Token));
    }

    [Fact]
    public async Task FetchAsync_NotFoundAtFirst_IsAskedAgain()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync((context, number) =>
        {
            if (number < 3) context.Response.StatusCode = 404;
            return number < 3 ? Task.CompletedTask : context.Response.Body.WriteAsync(Document).AsTask();
        });

        Assert.Equal(Document, await Client(server.Gateway).FetchAsync(DocumentCid, cancellationToken: Token));
        Assert.Equal(3, server.Requests);
    }

    [Fact]
    public async Task FetchAsync_NotFoundEveryRound_IsNotFound()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(404);

        var error = await Assert.ThrowsAsync<IpfsNotFoundException>(() => Client(server.Gateway).FetchAsync(DocumentCid, cancellationToken: Token));

        Assert.Equal(3, server.Requests);
        Assert.Contains(DocumentCid.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FetchAsync_Forbidden_IsRejectedWithoutRetry()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(403);

        var error = await Assert.ThrowsAsync<IpfsRejectedException>(() => Client(server.Gateway).FetchAsync(DocumentCid, cancellationToken: Token));

        Assert.Equal(HttpStatusCode.Forbidden, error.Status);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task FetchAsync_BrokenMidway_IsRetried()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (context, number) =>
        {
            context.Response.ContentLength = Document.Length;
            await context.Response.Body.WriteAsync(Document.AsMemory(0, number == 1 ? 10 : Document.Length));
            await context.Response.Body.FlushAsync();
            if (number == 1) context.Abort();
        });

        Assert.Equal(Document, await Client(server.Gateway).FetchAsync(DocumentCid, cancellationToken: Token));
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task FetchAsync_ServerErrorsAllTheTime_AreUnavailableAtTheTotalLimit()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(503);
        Task<byte[]> fetch = Client(TimeSpan.FromSeconds(1), server.Gateway).FetchAsync(DocumentCid, cancellationToken: Token);

        await Eventually.EndsAsync(fetch, _clock, TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<IpfsUnavailableException>(() => fetch);
        Assert.Contains("120 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("status 503", error.Message, StringComparison.Ordinal);
        Assert.True(server.Requests > 1);
    }

    [Fact]
    public async Task FetchAsync_NothingListens_IsUnavailableAndNamesTheGatewayWithoutItsToken()
    {
        Uri nobody = new(UnusedAddress(), "/secret/ipfs/?token=secret");
        Task<byte[]> fetch = Client(TimeSpan.FromSeconds(1), nobody).FetchAsync(DocumentCid, cancellationToken: Token);

        await Eventually.EndsAsync(fetch, _clock, TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<IpfsUnavailableException>(() => fetch);
        Assert.Contains(nobody.GetLeftPart(UriPartial.Authority), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FetchAsync_SilentGateway_IsLeftForTheNextAfterTheRequestLimit()
    {
        await using LoopbackServer silent = await LoopbackServer.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using LoopbackServer honest = await LoopbackServer.StartAsync(Document);
        Task<byte[]> fetch = Client(silent.Gateway, honest.Gateway).FetchAsync(DocumentCid, cancellationToken: Token);
        await Eventually.TrueAsync(() => silent.Requests == 1, "the silent gateway being asked");

        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(Document, await fetch);
    }

    [Fact]
    public async Task FetchAsync_CallerCancels_IsCancelledNotUnavailable()
    {
        await using LoopbackServer silent = await LoopbackServer.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var cancellation = new CancellationTokenSource();
        Task<byte[]> fetch = Client(silent.Gateway).FetchAsync(DocumentCid, cancellationToken: cancellation.Token);
        await Eventually.TrueAsync(() => silent.Requests == 1, "the gateway being asked");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
    }

    [Fact]
    public void Constructor_NoGateway_SaysSo() =>
        Assert.Contains("gateway", Assert.Throws<ArgumentException>(() => Client()).Message, StringComparison.Ordinal);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IpfsGatewayClient Client(params Uri[] gateways) => Client(TimeSpan.Zero, gateways);

    private IpfsGatewayClient Client(TimeSpan retryDelay, params Uri[] gateways) =>
        new(_http, new IpfsGatewayOptions { Gateways = gateways, RetryDelay = retryDelay }, _clock);

    private static byte[] UnixFsNodeTests(int size) => Tests.UnixFs.UnixFsNodeTests.Content(size);

    /// <summary>An address that refused connections a moment ago: bound, so that no one else got it, and closed again.</summary>
    internal static Uri UnusedAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}/ipfs/");
    }
}
