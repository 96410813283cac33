using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Tests.HostManager;

/// <summary>An RPC endpoint of a transaction's author: it answers as the network does, but for the accounts that it makes up.</summary>
internal sealed class LyingNode(IReadOnlyDictionary<PublicKey, AccountInfo> lies) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        JsonNode asked = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (asked["method"]!.GetValue<string>() != "getMultipleAccounts") return response;
        JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        response.Dispose();
        JsonArray addresses = asked["params"]![0]!.AsArray(), values = answer["result"]!["value"]!.AsArray();
        for (int i = 0; i < addresses.Count; i++)
            if (lies.TryGetValue(new PublicKey(addresses[i]!.GetValue<string>()), out AccountInfo? lie)) values[i] = Write(lie);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json") };
    }

    private static JsonObject Write(AccountInfo info) => new()
    {
        ["lamports"] = info.Lamports,
        ["owner"] = info.Owner.Key,
        ["data"] = new JsonArray(Convert.ToBase64String(info.Data), "base64"),
        ["executable"] = false,
        ["rentEpoch"] = 0,
        ["space"] = info.Data.Length,
    };
}
