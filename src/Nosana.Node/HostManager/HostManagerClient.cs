using System.Text.Json;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager;

/// <summary>
/// The calls of the network's host manager (host-node-lifecycle specification, sections 1.5, 2 and 3), each with a time limit. Every method
/// throws <see cref="HostManagerException"/> and nothing else, but for the caller's own cancellation. Nothing is retried here.
/// </summary>
internal sealed class HostManagerClient(HostManagerTransport transport, Account account)
{
    private const string NotOnboarded = "Node not onboarded yet", NotFound = "Node not found";
    private static readonly HashSet<string> s_onboarded = ["ONBOARDED", "PREMIUM"];

    private string Address => account.PublicKey.Key;

    private string Legacy { get; } = HostAuthorization.Legacy(account);

    /// <summary><c>GET /nodes/{addr}</c>.</summary>
    public async Task<NodeStatus> StatusAsync(CancellationToken cancel)
    {
        string call = "node status";
        JsonElement answer;
        try
        {
            answer = await transport.GetAsync(call, $"nodes/{Address}", Legacy, cancel);
        }
        catch (HostManagerException e) when (e.Fault == HostManagerFault.Refused && e.Problem.Contains(NotOnboarded, StringComparison.Ordinal))
        {
            return new NodeStatus(NodeStanding.Waiting, NotOnboarded, null, null);
        }
        catch (HostManagerException e) when (e.Fault == HostManagerFault.Refused && e.Problem.Contains(NotFound, StringComparison.Ordinal))
        {
            return new NodeStatus(NodeStanding.Unknown, NotFound, null, null);
        }
        string status = AnswerReading.Text(answer, "status") ?? throw AnswerReading.Missing(call, "status");
        NodeStanding standing = s_onboarded.Contains(status) ? NodeStanding.Onboarded : NodeStanding.Waiting;
        return new NodeStatus(standing, status, AnswerReading.Text(answer, "marketAddress"), AnswerReading.Text(answer, "accessKeyMint"));
    }

    /// <summary><c>POST /nodes/heartbeat</c>.</summary>
    /// <returns>Most heartbeats a day that the service wants; null when it says nothing usable.</returns>
    public async Task<double?> HeartbeatAsync(CancellationToken cancel)
    {
        JsonElement answer = await transport.PostAsync("heartbeat", "nodes/heartbeat", Legacy, """{"ping":"pong"}"""u8.ToArray(), cancel);
        return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("maxHeartbeatsPerDay", out JsonElement most)
            && most.ValueKind == JsonValueKind.Number && most.TryGetDouble(out double number) && number >= 1
            ? number
            : null;
    }

    /// <summary><c>POST /nodes/{addr}/submit-system-specs</c>, whose answer nobody reads. The one call with form B.</summary>
    public Task SubmitSpecsAsync(HostSpecs specs, CancellationToken cancel) => transport.TellAsync(
        "specs", $"nodes/{Address}/submit-system-specs", HostAuthorization.Plain(account),
        JsonSerializer.SerializeToUtf8Bytes(specs, HostSpecsJson.Default.HostSpecs), cancel);

    /// <summary><c>GET /markets/{id}/required-resources</c>, which asks for no authorization.</summary>
    public async Task<RequiredResources> RequiredResourcesAsync(PublicKey market, CancellationToken cancel)
    {
        const string call = "required resources";
        JsonElement answer = await transport.GetAsync(call, $"markets/{market}/required-resources", authorization: null, cancel);
        return new RequiredResources(AnswerReading.Texts(call, answer, "required_images"), AnswerReading.Documents(call, answer, "required_remote_resources"));
    }

    /// <summary><c>POST /nodes/{addr}/check-market</c>.</summary>
    public async Task<MarketAdvice> CheckMarketAsync(GpuSpecs gpus, CancellationToken cancel)
    {
        const string call = "market recommendation";
        // The GPUs are JSON in a JSON string: so the service wants them.
        byte[] body = HostManagerJson.Object("gpus", JsonSerializer.Serialize(gpus, HostSpecsJson.Default.GpuSpecs));
        JsonElement answer = await transport.PostAsync(call, $"nodes/{Address}/check-market", Legacy, body, cancel);
        if (AnswerReading.IsTrue(answer, "needsChangeMarket")) return new MarketAdvice(null, MustChange: true);
        if (AnswerReading.Text(answer, "address") is { } market) return new MarketAdvice(AnswerReading.Address(call, "address", market), MustChange: false);
        throw AnswerReading.Text(answer, "message") is { } message
            ? new HostManagerException(HostManagerFault.Refused, call, message)
            : AnswerReading.Missing(call, "address");
    }

    /// <summary><c>POST /nodes/change-market</c>: a transaction to sign. What it does must be reviewed first.</summary>
    public async Task<MarketChange> ChangeMarketAsync(CancellationToken cancel)
    {
        const string call = "change of market";
        JsonElement answer = await transport.PostAsync(call, "nodes/change-market", Legacy, HostManagerJson.Object("address", Address), cancel);
        string market = AnswerReading.Text(answer, "newMarket") ?? throw AnswerReading.Missing(call, "newMarket");
        return new MarketChange(AnswerReading.Bytes(call, answer, "tx"), AnswerReading.Address(call, "newMarket", market));
    }

    /// <summary><c>POST /nodes/sync-node</c>: the service looks at the chain again. Its answer says nothing.</summary>
    public Task SyncAsync(CancellationToken cancel) =>
        transport.TellAsync("sync", "nodes/sync-node", Legacy, HostManagerJson.Object("address", Address), cancel);

    /// <summary><c>GET /rpc</c>: the RPC endpoint that the network's operators give their hosts.</summary>
    public async Task<Uri> RpcAsync(CancellationToken cancel)
    {
        const string call = "RPC choice";
        JsonElement answer = await transport.GetAsync(call, "rpc", Legacy, cancel);
        string text = AnswerReading.Text(answer, "url") ?? throw AnswerReading.Missing(call, "url");
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)
            ? url
            : throw new HostManagerException(HostManagerFault.Nonsense, call, "its 'url' is not an https address");
    }
}
