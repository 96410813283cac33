using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Ssh;

/// <summary>A host with SSH into its jobs, and their owner: requests are signed by @nosana/authorization.</summary>
public sealed class SshHost : IAsyncLifetime
{
    /// <summary>Signs texts, JSON a line, with the key file that comes first: <c>TEXT:BASE58</c> each.</summary>
    private const string Signing =
        """
        import { readFileSync } from 'node:fs';
        import { createNosanaAuthorization } from '@nosana/authorization';
        const [key, ...texts] = readFileSync(process.argv.at(-1), 'utf8').split('\n').filter((line) => line).map((line) => JSON.parse(line));
        const authorization = createNosanaAuthorization(Uint8Array.from(JSON.parse(readFileSync(key, 'utf8'))));
        for (const text of texts) console.log(JSON.stringify(await authorization.generate(text)));
        """;

    private static readonly HttpClient s_http = new();

    internal MarketHost Host { get; } = new();

    internal SshClient Client { get; } = new();

    internal MarketNetwork Network => Host.Network;

    internal IPEndPoint Front => IPEndPoint.Parse(Said("SSH into jobs: CONNECT at "));

    internal string Api => Said("The node's API is at ").Split(',')[0];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => Host.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Client.Dispose();
    }

    /// <summary>Posts a job of a command that does not end, and waits until it runs.</summary>
    internal async Task<PublicKey> RunAsync(string line = "sleep infinity", string more = "")
    {
        await Host.UntilAsync(() => Network.HostIsQueued, "the host is in the queue");
        string definition = Definitions.Shell(line);
        PublicKey job = await Network.PostAsync(more.Length == 0 ? definition : $"{definition[..^1]},{more}}}", 600);
        await Host.RunningContainerAsync(job.Key);
        return job;
    }

    internal async Task EndAsync(PublicKey job)
    {
        await Host.JobAsync("end", job.Key);
        await Host.SettledAsync(job);
    }

    internal string Destination(PublicKey job, int op = 0) => string.Create(CultureInfo.InvariantCulture, $"nosana@{job}-{op}-ssh.localhost");

    internal string GatewayDestination(PublicKey job) => $"nosana-{job}@{Network.Host}-ssh.localhost";

    internal Task<SshRun> SshAsync(PublicKey job, string typed, string options = "-tt", string command = "", string? keyFile = null, string? destination = null) =>
        Client.RunAsync(Front, destination ?? Destination(job), typed, options, command, keyFile);

    /// <summary>The poster's signature over texts, each <c>TEXT:BASE58</c>.</summary>
    internal async Task<string[]> SignAsync(params string[] texts)
    {
        string[] lines = await Sdk.NodeScript.RunAsync(
            Signing, new[] { Network.PosterKey }.Concat(texts).Select(text => JsonValue.Create(text)!.ToJsonString()), Token);
        return [.. lines.Select(line => JsonNode.Parse(line)!.GetValue<string>())];
    }

    /// <summary>Grants a key as the newest clients do.</summary>
    internal async Task GrantAsync(PublicKey job, string? key = null)
    {
        string header = (await SignAsync(job.Key))[0];
        (int status, string answer) = await AskAsync(
            HttpMethod.Post, $"/job/{job}/ssh/authorize", new JsonObject { ["sshPublicKey"] = key ?? Client.PublicKey }, header);
        Assert.True(status == 201, $"{status} {answer}");
    }

    internal async Task<(int Status, string Answer)> AskAsync(HttpMethod method, string path, JsonNode? body, string? header)
    {
        using var request = new HttpRequestMessage(method, new Uri(new Uri(Api), path));
        if (header is not null) request.Headers.TryAddWithoutValidation("authorization", header);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await s_http.SendAsync(request, Token);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    /// <summary>What the host that runs now said behind some words.</summary>
    private string Said(string words)
    {
        string line = Host.Process.Lines.Select(line => line.Text).Last(text => text.Contains(words, StringComparison.Ordinal));
        return line[(line.IndexOf(words, StringComparison.Ordinal) + words.Length)..].Trim();
    }
}
