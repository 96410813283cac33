using System.Net;
using Nosana.Node.Retries;
using Nosana.Testing;

namespace Nosana.Node.Tests.Retries;

public sealed class RetryAfterHandlerTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Server _server = new();
    private readonly HttpClient _http;
    private double _random;

    public RetryAfterHandlerTests() => _http = new HttpClient(new RetryAfterHandler(_server, _clock, () => _random));

    public void Dispose()
    {
        _http.Dispose();
        _server.Dispose();
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task SendAsync_ServerAskedToBeLeftAlone_IsNotAskedBeforeItsTime(HttpStatusCode status)
    {
        _server.Answers.Enqueue((status, "30"));
        Assert.Equal(status, await GetAsync());
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(status, await GetAsync());
        Assert.Equal(1, _server.Asked);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await GetAsync());
        Assert.Equal(2, _server.Asked);
    }

    [Fact]
    public async Task SendAsync_OtherServer_IsAsked()
    {
        _server.Answers.Enqueue((HttpStatusCode.TooManyRequests, "30"));
        await GetAsync();
        Assert.Equal(HttpStatusCode.OK, await GetAsync("http://other.example/"));
    }

    [Fact]
    public async Task SendAsync_Chance_LengthensTheWait()
    {
        _random = 0.5;
        _server.Answers.Enqueue((HttpStatusCode.TooManyRequests, "80"));
        await GetAsync();
        _clock.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal(HttpStatusCode.TooManyRequests, await GetAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await GetAsync());
    }

    [Theory]
    [InlineData("Thu, 01 Jan 2026 00:00:50 GMT", 50)]
    [InlineData("1767225650", 50)] // Docker Hub's: the same in Unix seconds
    [InlineData("999999999", 3600)] // a mistake
    public async Task SendAsync_FormsOfTheHeader_AreUnderstood(string header, int seconds)
    {
        _server.Answers.Enqueue((HttpStatusCode.TooManyRequests, header));
        await GetAsync();
        _clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.Equal(HttpStatusCode.TooManyRequests, await GetAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await GetAsync());
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, null)]
    [InlineData(HttpStatusCode.TooManyRequests, "soon")]
    [InlineData(HttpStatusCode.TooManyRequests, "0")]
    [InlineData(HttpStatusCode.NotFound, "30")]
    public async Task SendAsync_NothingWasAskedFor_IsAskedAgain(HttpStatusCode status, string? header)
    {
        _server.Answers.Enqueue((status, header));
        await GetAsync();
        Assert.Equal(HttpStatusCode.OK, await GetAsync());
    }

    private async Task<HttpStatusCode> GetAsync(string url = "http://one.example/path")
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(url), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private sealed class Server : HttpMessageHandler
    {
        public Queue<(HttpStatusCode Status, string? RetryAfter)> Answers { get; } = [];

        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            (HttpStatusCode status, string? retryAfter) = Answers.TryDequeue(out var answer) ? answer : (HttpStatusCode.OK, null);
            var response = new HttpResponseMessage(status);
            if (retryAfter is not null) response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
            return Task.FromResult(response);
        }
    }
}
