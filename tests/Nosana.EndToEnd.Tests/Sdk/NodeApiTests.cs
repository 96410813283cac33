using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Sdk;

/// <summary>A job's owner with the official client asks our host for his job: signed by the client, unchanged. The calls are those of the specification.</summary>
public sealed class NodeApiTests(MarketHost host) : IClassFixture<MarketHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Owner_SignsWithTheKit_IsHeardAndTamperedRequestsAreNot()
    {
        await using Owner owner = await Owner.StartAsync(host);
        PublicKey job = await owner.ListAsync(JsonNode.Parse(Definitions.Shell("while :; do echo tick; sleep 1; done"))!);
        await host.RunningContainerAsync(job.Key);

        string[] statuses = await owner.EvaluateAsync<string[]>(
            $$"""
            (async () => {
              const url = '{{owner.Api}}job/{{job}}/ops';
              const timed = await client.authorization.generate('nosana-auth', { includeTime: true });
              const plain = await client.authorization.generate('nosana-auth', {});
              const [message, signature, time] = timed.split(':');
              const flipped = signature.slice(0, -1) + (signature.endsWith('2') ? '3' : '2');
              const asked = [
                plain, timed,
                `other-auth:${signature}:${time}`, `${message}:${flipped}:${time}`, `${message}:${signature.slice(0, 40)}`, `${message}:${signature}:1`,
                `${message}:${signature}:${time}:x`, `${message}`, 'a:' + '1'.repeat(64), '', `Bearer ${plain}`,
              ];
              const found = [];
              for (const header of asked) {
                const answer = await fetch(url, { headers: header ? { authorization: header } : {} });
                found.push(`${answer.status} ${await answer.text()}`);
              }
              return found;
            })()
            """);
        string running = $$"""200 {"{{Definitions.Op(await StateAsync(owner, job))["operationId"]}}":"running"}""";
        Assert.Equal(
            [
                running, running,
                "401 Unauthorized Request", "401 Unauthorized Request", "401 Unauthorized Request: bad signature size", "401 Unauthorized Request: Authorization has expired.",
                "401 Unauthorized Request: Invalid signature.", "401 Unauthorized Request: Invalid signature.", "401 Unauthorized Request",
                "401 Unauthorized Request: Header not found with key authorization.", "401 Unauthorized Request",
            ], statuses);
        Assert.Equal(200, (await owner.PostAsync($"job/{job}/stop")).Status);
        await host.CompletedAsync(job);
    }

    [Fact]
    public async Task Owner_AsksForStatisticsAndSteersOperations_AsTheSpecificationSays()
    {
        await using Owner owner = await Owner.StartAsync(host);
        PublicKey job = await owner.ListAsync(JsonNode.Parse(Definitions.Shell("while :; do :; done"))!);
        string first = await host.RunningContainerAsync(job.Key);
        JsonNode op = Definitions.Op(await StateAsync(owner, job));
        string id = (string)op["operationId"]!, group = (string)op["group"]!;

        JsonArray statistics = [];
        await host.UntilAsync(
            async () => await owner.GetAsync($"job/{job}/stats?interval=5") is (200, var text) && (statistics = JsonNode.Parse(text)!.AsArray()).Count > 1, "there are statistics");
        JsonNode one = statistics[^1]!;
        Assert.Equal(["opId", "timestamp", "cpu", "memory", "disk", "network"], one.AsObject().Select(pair => pair.Key));
        Assert.True((double)one["cpu"]!["cpu_percent"]! > 20, one.ToJsonString());
        Assert.True((double)one["memory"]!["memory_limit"]! > 0, one.ToJsonString());
        Assert.Equal((400, "Invalid interval. Allowed values (seconds): 5, 10, 30, 60, 300, 1800"), await owner.GetAsync($"job/{job}/stats?interval=7"));

        Assert.Equal((202, """{"message":"Operation restart initiated"}"""), await owner.PostAsync($"job/{job}/group/{group}/operation/{id}/restart"));
        await host.UntilAsync(async () => (await host.ContainersAsync(job.Key)).Any(found => found.State == "running" && found.ID != first), "another container runs");
        Assert.Equal((500, """{"error":"Failed to restart operation: INVALID_OPID"}"""), await owner.PostAsync($"job/{job}/group/{group}/operation/nothing/restart"));
        Assert.Equal((200, """{"message":"Operation Stopped"}"""), await owner.PostAsync($"job/{job}/group/{group}/operation/{id}/stop"));
        (_, JsonNode result) = await host.CompletedAsync(job);
        Assert.Equal("stopped", (string?)Definitions.Op(result)["status"]);
        (int status, string kept) = await owner.GetAsync($"job/{job}/results");
        Assert.Equal((200, "stopped"), (status, (string?)Definitions.Op(JsonNode.Parse(kept)!)["status"]));
    }

    [Fact]
    public async Task Owner_OfAConfidentialJob_BringsTheDefinitionAndFetchesTheResult()
    {
        await using Owner owner = await Owner.StartAsync(host);
        PublicKey job = await owner.ListAsync(JsonNode.Parse(
            """{"version":"0.1","type":"container","meta":{"trigger":"cli"},"logistics":{"send":{"type":"api-listen","args":{}},"receive":{"type":"api-listen","args":{}}},"ops":[]}""")!);
        // As the official command line does it: again and again with one header, until the node takes it.
        string given = await owner.EvaluateAsync<string>(
            $$"""
            (async () => {
              const header = await client.authorization.generate((await client.jobs.get('{{job}}')).ipfsJob, { includeTime: true });
              for (;;) {
                const answer = await fetch('{{owner.Api}}job/{{job}}/job-definition', {
                  method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: header }, body: JSON.stringify({{Definitions.Shell("echo a secret; sleep 3")}}) });
                const text = await answer.text();
                if (answer.ok) return text;
                await new Promise(resolve => setTimeout(resolve, 200));
              }
            })()
            """);
        Assert.Equal("Job definition received", given);
        using ClientWebSocket log = await owner.FollowAsync("/flog", job);
        Assert.Contains("a secret", await UntilAsync(log, "a secret"), StringComparison.Ordinal);
        string fetched = await owner.EvaluateAsync<string>(
            $$"""
            (async () => {
              const header = await client.authorization.generate('{{job}}', { includeTime: true });
              for (;;) {
                const answer = await fetch('{{owner.Api}}job/{{job}}/results', { headers: { Authorization: header } });
                const text = await answer.text();
                if (answer.ok) return text;
                await new Promise(resolve => setTimeout(resolve, 200));
              }
            })()
            """);
        JsonNode result = JsonNode.Parse(fetched)!;
        Assert.Equal(["a secret"], Definitions.LinesOf(Definitions.Op(result)));
        Assert.Equal("waiting-for-result", (string?)result["status"]);
        (_, JsonNode blank) = await host.CompletedAsync(job);
        Assert.Equal(("success", "[]"), (Definitions.StatusOf(blank), blank["opStates"]!.ToJsonString()));
        Assert.DoesNotContain("a secret", blank.ToJsonString(), StringComparison.Ordinal);
        string[] files = Directory.GetFiles(host.Network.StateDirectory, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("journal.db", StringComparison.Ordinal));
        foreach (string file in files.Where(file => Path.GetFileName(file) != "agent.lock" && Path.GetExtension(file) != ".sock"))
        {
            await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var whole = new StreamReader(content, Encoding.Latin1);
            Assert.DoesNotContain("a secret", await whole.ReadToEndAsync(Cancel), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Node_ThroughTheIngress_AnswersByItsOwnName()
    {
        await using Owner owner = await Owner.StartAsync(host);
        string line = (await host.Process.LineAsync("Exposed ports are reached through")).Text;
        var ingress = new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..].Split(' ')[0]);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(ingress, "/node/info"));
        request.Headers.Host = $"{host.Network.Host}.localhost";
        JsonNode info = JsonNode.Parse(await (await http.SendAsync(request, Cancel)).Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal(host.Network.Host.Key, (string?)info["node"]);
        Assert.NotNull(info["resources"]!["images"]);
    }

    private static async Task<JsonNode> StateAsync(Owner owner, PublicKey job) =>
        JsonNode.Parse(await owner.EvaluateAsync<string>(
            $$"""
            (async () => {
              const answer = await fetch('{{owner.Api}}job/{{job}}/info', { headers: { authorization: await client.authorization.generate('nosana-auth', {}) } });
              let text = '';
              for await (const chunk of answer.body) { text += Buffer.from(chunk).toString(); if (text.includes('data: ') && text.endsWith('\n\n')) break };
              return text.slice(text.indexOf('data: ') + 6).trim();
            })()
            """))!;

    private static async Task<string> UntilAsync(ClientWebSocket socket, string part)
    {
        byte[] buffer = new byte[64 << 10];
        while (true)
        {
            WebSocketReceiveResult read = await socket.ReceiveAsync(buffer, Cancel);
            string text = Encoding.UTF8.GetString(buffer, 0, read.Count);
            if (read.MessageType == WebSocketMessageType.Close) throw new InvalidOperationException($"Closed: {socket.CloseStatus} {socket.CloseStatusDescription}");
            if (text.Contains(part, StringComparison.Ordinal)) return text;
        }
    }

    /// <summary>The poster with the official client.</summary>
    private sealed class Owner(MarketHost host, KitClient kit, Uri api) : IAsyncDisposable
    {
        public Uri Api => api;

        public static async Task<Owner> StartAsync(MarketHost host)
        {
            string line = (await host.Process.LineAsync("The node's API is at")).Text;
            var api = new Uri(line[line.IndexOf("http://", StringComparison.Ordinal)..].Split(',')[0]);
            return new Owner(host, await KitClient.StartAsync(host.Network.Server.Info, "mainnet", host.Network.Server.Keys.Poster.ExportSecretKey()), api);
        }

        public async Task<PublicKey> ListAsync(JsonNode definition)
        {
            JsonElement listed = await kit.EvaluateAsync(
                $$"""(async () => { const ipfsHash = await client.ipfs.pin({{definition.ToJsonString()}}); const i = await client.jobs.list({ market: '{{host.Network.Market}}', timeout: 120, ipfsHash }); await send(i); return i.accounts[0].address })()""");
            return new PublicKey(listed.GetString()!);
        }

        /// <summary>The value of an expression over <c>client</c>.</summary>
        public async Task<T> EvaluateAsync<T>(string expression) => (await kit.EvaluateAsync(string.Join(' ', expression.Split('\n').Select(line => line.Trim())))).Deserialize<T>()!;

        public Task<(int Status, string Text)> GetAsync(string path) => AskAsync("GET", path);

        public Task<(int Status, string Text)> PostAsync(string path) => AskAsync("POST", path);

        public async Task<ClientWebSocket> FollowAsync(string path, PublicKey job)
        {
            string header = await EvaluateAsync<string>("client.authorization.generate('nosana-auth', { includeTime: true })");
            var socket = new ClientWebSocket();
            await socket.ConnectAsync(new UriBuilder(api) { Scheme = "ws" }.Uri, Cancel);
            string frame = new JsonObject { ["path"] = path, ["header"] = header, ["body"] = new JsonObject { ["jobAddress"] = job.Key } }.ToJsonString();
            await socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, endOfMessage: true, Cancel);
            return socket;
        }

        public ValueTask DisposeAsync() => kit.DisposeAsync();

        private async Task<(int Status, string Text)> AskAsync(string method, string path)
        {
            string[] answer = await EvaluateAsync<string[]>(
                $$"""
                (async () => {
                  const answer = await fetch('{{api}}{{path}}', { method: '{{method}}', headers: { authorization: await client.authorization.generate('nosana-auth', { includeTime: true }) } });
                  return [String(answer.status), await answer.text()];
                })()
                """);
            return (int.Parse(answer[0], System.Globalization.CultureInfo.InvariantCulture), answer[1]);
        }
    }
}
