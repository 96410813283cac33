using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Nosana.Ipfs.Http;
using Nosana.Ipfs.UnixFs;
using Nosana.Testing;

namespace Nosana.Ipfs.Tests.Http;

public sealed class IpfsPinningClientTests : IDisposable
{
    private static readonly byte[] Document = Encoding.UTF8.GetBytes("""{"status":"success","opStates":[]}""");

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ManualTimeProvider _clock = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task PinAsync_CredentialIsChangedMeanwhile_TheNextRequestHasTheNewOne()
    {
        List<string> sent = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            sent.Add(context.Request.Headers.Authorization.ToString());
            await context.Response.WriteAsync($$"""{"IpfsHash":"{{UnixFsNode.CidOf(Document)}}"}""");
        });
        var options = new IpfsPinningOptions { Api = server.Address, Credential = "old" };
        var client = new IpfsPinningClient(_http, options, _clock);
        await client.PinAsync(Document, Token);
        options.Credential = "new";
        await client.PinAsync(Document, Token);
        Assert.Equal(["Bearer old", "Bearer new"], sent);
    }

    [Fact]
    public async Task PinAsync_Accepted_SendsTheDocumentAsAFileWithTheCredential()
    {
        byte[] received = [];
        string? path = null, authorization = null, type = null;
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            received = await FileOfAsync(context.Request.Body, type = context.Request.ContentType!);
            path = context.Request.Path;
            authorization = context.Request.Headers.Authorization;
            await context.Response.WriteAsync($$"""{"IpfsHash":"{{UnixFsNode.CidOf(received)}}","PinSize":42}""");
        });

        PinResult result = await Client(server.Address).PinAsync(Document, Token);

        Assert.Equal(Document, received);
        Assert.Equal(("/pinning/pinFileToIPFS", "Bearer secret"), (path, authorization));
        Assert.StartsWith("multipart/form-data; boundary=", type, StringComparison.Ordinal);
        Assert.Equal(UnixFsNode.CidOf(Document), result.Cid);
        Assert.False(result.Differs);
    }

    [Fact]
    public async Task PinAsync_ServiceRewritesTheJson_BothIdentifiersAreKnown()
    {
        await using LoopbackServer server = await Answering("""{"IpfsHash":"QmbJWAESqCsf4RFCqEY7jecCashj8usXiyDNfKtZCwwzGb"}""");

        PinResult result = await Client(server.Address).PinAsync(Document, Token);

        Assert.True(result.Differs);
        Assert.Equal("QmbJWAESqCsf4RFCqEY7jecCashj8usXiyDNfKtZCwwzGb", result.Cid.ToString());
        Assert.Equal(UnixFsNode.CidOf(Document), result.Computed);
    }

    [Theory]
    [InlineData(400, typeof(IpfsRejectedException))]
    [InlineData(200, typeof(IpfsUnavailableException))]
    public async Task PinAsync_AnswerWithoutEnd_IsReadNoFurther(int status, Type expected)
    {
        var left = new TaskCompletionSource();
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = status;
            byte[] more = Encoding.ASCII.GetBytes(new string('a', 16 * 1024));
            try
            {
                while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(more, context.RequestAborted);
            }
            finally
            {
                left.SetResult();
            }
        });

        IpfsException error = (IpfsException)await Assert.ThrowsAsync(expected, () => Client(server.Address).PinAsync(Document, Token));
        await left.Task.WaitAsync(Token);

        Assert.True(error.Message.Length < 1000);
    }

    [Fact]
    public async Task PinAsync_Unauthorized_NamesTheCredentialAndDoesNotRetry()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(401);

        var error = await Assert.ThrowsAsync<IpfsRejectedException>(() => Client(server.Address).PinAsync(Document, Token));

        Assert.Equal(HttpStatusCode.Unauthorized, error.Status);
        Assert.Contains("credential", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Requests);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task PinAsync_ServiceFails_IsUnavailableAndLeftToTheCaller(int status)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(status);

        await Assert.ThrowsAsync<IpfsUnavailableException>(() => Client(server.Address).PinAsync(Document, Token));

        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task PinAsync_ConnectionBreaks_IsSentAgain()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync((context, number) =>
        {
            if (number == 1) context.Abort();
            return number == 1 ? Task.CompletedTask : context.Response.WriteAsync("""{"IpfsHash":"QmbJWAESqCsf4RFCqEY7jecCashj8usXiyDNfKtZCwwzGb"}""");
        });

        PinResult result = await Client(server.Address).PinAsync(Document, Token);

        Assert.Equal("QmbJWAESqCsf4RFCqEY7jecCashj8usXiyDNfKtZCwwzGb", result.Cid.ToString());
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task PinAsync_NothingListens_IsUnavailableAfterTheRetries()
    {
        var error = await Assert.ThrowsAsync<IpfsUnavailableException>(() => Client(IpfsGatewayClientTests.UnusedAddress()).PinAsync(Document, Token));
        Assert.Contains("3 attempts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PinAsync_Silence_IsUnavailableAtTheLimit()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        Task<PinResult> pin = Client(server.Address).PinAsync(Document, Token);
        await Eventually.TrueAsync(() => server.Requests == 1, "the service being asked");

        _clock.Advance(TimeSpan.FromSeconds(60));

        var error = await Assert.ThrowsAsync<IpfsUnavailableException>(() => pin);
        Assert.Contains("60 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50, true)]
    [InlineData(61, false)]
    public async Task PinAsync_LineThatIsSlow_IsWaitedForAsLongAsItGetsOn(int secondsAPiece, bool arrives)
    {
        byte[] large = new byte[1 << 20];
        using var slow = new HttpClient(new SlowLine(() => _clock.Advance(TimeSpan.FromSeconds(secondsAPiece)))) { Timeout = Timeout.InfiniteTimeSpan };
        var client = new IpfsPinningClient(slow, new IpfsPinningOptions { Api = new Uri("http://service.test") }, _clock);
        if (arrives) Assert.Equal(UnixFsNode.CidOf(large), (await client.PinAsync(large, Token)).Cid);
        else Assert.Contains("stood still for 60 s", (await Assert.ThrowsAsync<IpfsUnavailableException>(() => client.PinAsync(large, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PinAsync_AnswerWithoutEnd_IsReadNoFurtherThanItMatters()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = 400;
            byte[] piece = new byte[64 << 10];
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        });
        var error = await Assert.ThrowsAsync<IpfsRejectedException>(() => Client(server.Address).PinAsync(Document, Token));
        Assert.True(error.ConcernsDocument);
    }

    [Theory]
    [InlineData("<html>", "no JSON")]
    [InlineData("{}", "IpfsHash")]
    [InlineData("""{"IpfsHash":"bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"}""", "version 0")]
    public async Task PinAsync_StrangeAnswer_IsNeverTakenForACid(string answer, string said)
    {
        await using LoopbackServer server = await Answering(answer);

        var error = await Assert.ThrowsAsync<IpfsUnavailableException>(() => Client(server.Address).PinAsync(Document, Token));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckCredentialAsync_IsRefused_SaysSo()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(401);
        Assert.False((await Assert.ThrowsAsync<IpfsRejectedException>(() => Client(server.Address).CheckCredentialAsync(Token))).ConcernsDocument);
    }

    [Fact]
    public async Task CheckCredentialAsync_IsGood_AsksWithIt()
    {
        (string?, string?) asked = default;
        await using LoopbackServer server = await LoopbackServer.StartAsync((context, _) =>
        {
            asked = (context.Request.Path, context.Request.Headers.Authorization);
            return context.Response.WriteAsync("{}");
        });
        await Client(server.Address).CheckCredentialAsync(Token);
        Assert.Equal(("/data/testAuthentication", "Bearer secret"), asked);
    }

    [Fact]
    public async Task CheckCredentialAsync_NothingListens_IsUnavailable() =>
        await Assert.ThrowsAsync<IpfsUnavailableException>(() => Client(IpfsGatewayClientTests.UnusedAddress()).CheckCredentialAsync(Token));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<LoopbackServer> Answering(string body) => LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync(body));

    private IpfsPinningClient Client(Uri api) =>
        new(_http, new IpfsPinningOptions { Api = api, Credential = "secret", RetryDelay = TimeSpan.Zero }, _clock);

    /// <summary>The field <c>file</c> of a form.</summary>
    private static async Task<byte[]> FileOfAsync(Stream body, string contentType)
    {
        var parts = new MultipartReader(HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(contentType).Boundary).ToString(), body);
        while (await parts.ReadNextSectionAsync(Token) is { } part)
        {
            if (part.GetContentDispositionHeader()?.Name != "file") continue;
            using var file = new MemoryStream();
            await part.Body.CopyToAsync(file, Token);
            return file.ToArray();
        }
        throw new InvalidDataException("The form has no file.");
    }

    /// <summary>Takes each piece of a document in its time, and answers with its identifier.</summary>
    private sealed class SlowLine(Action wait) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var body = new SlowStream(wait, cancellationToken);
            await request.Content!.CopyToAsync(body, cancellationToken);
            body.Position = 0;
            byte[] file = await FileOfAsync(body, request.Content.Headers.ContentType!.ToString());
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($$"""{"IpfsHash":"{{UnixFsNode.CidOf(file)}}"}""") };
        }
    }

    private sealed class SlowStream(Action wait, CancellationToken cancelled) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            wait();
            cancelled.ThrowIfCancellationRequested();
            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
