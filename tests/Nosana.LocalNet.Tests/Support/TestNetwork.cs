using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Nosana.Solana.Rpc.Builders;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.LocalNet.Tests.Support;

/// <summary>A whole network on loopback with a clock that the test moves, and the few calls that tests make by hand.</summary>
internal sealed class TestNetwork : IAsyncDisposable
{
    private readonly HttpClient _http = new();

    private TestNetwork(LocalNetServer server, ManualTimeProvider time)
    {
        Server = server;
        Time = time;
    }

    public LocalNetServer Server { get; }

    public ManualTimeProvider Time { get; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TestNetwork> StartAsync(Func<LocalNetOptions, LocalNetOptions>? configure = null)
    {
        var time = new ManualTimeProvider();
        var options = new LocalNetOptions { Port = 0, TimeProvider = time };
        return new TestNetwork(await LocalNetServer.StartAsync(configure?.Invoke(options) ?? options, Cancellation), time);
    }

    /// <summary>Posts a body as it is.</summary>
    public async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _http.PostAsync(Server.RpcUri, content, Cancellation);
    }

    /// <summary>The whole answer to one call.</summary>
    public async Task<JsonElement> AnswerAsync(string method, string parameters = "[]")
    {
        using HttpResponseMessage response = await PostAsync($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(Cancellation));
        return document.RootElement.Clone();
    }

    /// <summary>The result of a call that must succeed.</summary>
    public async Task<JsonElement> CallAsync(string method, string parameters = "[]")
    {
        JsonElement answer = await AnswerAsync(method, parameters);
        Assert.True(answer.TryGetProperty("result", out JsonElement result), $"{method} failed: {answer}");
        return result;
    }

    /// <summary>The error of a call that must fail.</summary>
    public async Task<JsonElement> ErrorAsync(string method, string parameters = "[]")
    {
        JsonElement answer = await AnswerAsync(method, parameters);
        Assert.True(answer.TryGetProperty("error", out JsonElement error), $"{method} succeeded: {answer}");
        return error;
    }

    /// <summary>Signed bytes of a transaction on the newest blockhash; the first signer pays.</summary>
    public byte[] Sign(IReadOnlyList<TransactionInstruction> instructions, params IReadOnlyList<Account> signers)
    {
        TransactionBuilder builder = new TransactionBuilder().SetRecentBlockHash(Server.Bank.LatestBlockhash().Hash.Key).SetFeePayer(signers[0].PublicKey);
        foreach (TransactionInstruction instruction in instructions) builder.AddInstruction(instruction);
        return builder.Build(signers);
    }

    public static string SendParameters(byte[] transaction, string options = "") => $$"""["{{Convert.ToBase64String(transaction)}}",{"encoding":"base64"{{(options.Length > 0 ? "," + options : "")}}}]""";

    /// <summary>Sends over HTTP and returns the signature.</summary>
    public async Task<string> SendAsync(IReadOnlyList<TransactionInstruction> instructions, params IReadOnlyList<Account> signers) =>
        (await CallAsync("sendTransaction", SendParameters(Sign(instructions, signers)))).GetString()!;

    public HttpRequestMessage PinRequest(string path, HttpContent content, string? token = "any")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server.PinningUri, path)) { Content = content };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request, Cancellation);

    public Task<HttpResponseMessage> GetAsync(Uri uri) => _http.GetAsync(uri, Cancellation);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }
}
