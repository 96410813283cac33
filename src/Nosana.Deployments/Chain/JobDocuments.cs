using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.Ipfs.UnixFs;

namespace Nosana.Deployments.Chain;

/// <summary>Definitions through a pinning service.</summary>
/// <param name="pins">The service.</param>
/// <param name="baseUri">Where hosts reach this manager: in the document that stands for confidential definitions.</param>
public sealed class JobDocuments(IpfsPinningClient pins, Uri baseUri) : IJobDocuments
{
    /// <summary>Hosts put the job's own address in its place.</summary>
    private const string JobPlaceholder = "%%global.job%%";

    /// <summary>Of documents that are known to be pinned; pinning one again does no harm.</summary>
    private const int MostKnown = 10_000;

    private readonly ConcurrentDictionary<Cid, byte> _pinned = new();

    public async Task<string> PublishAsync(Deployment deployment, DeploymentRevision revision, CancellationToken cancellationToken)
    {
        if (deployment.Confidential) return await PinAsync(StandIn(baseUri), cancellationToken);
        return revision.Cid is { } cid && deployment.SshPublicKeys.Count == 0
            ? cid
            : await PinAsync(WithKeys(revision.Definition, deployment.SshPublicKeys), cancellationToken);
    }

    /// <summary>A definition that grants the deployment's keys beside those of its own.</summary>
    public static string WithKeys(string definition, IReadOnlyList<string> keys)
    {
        if (keys.Count == 0 || JsonNode.Parse(definition) is not JsonObject document) return definition;
        JsonObject ssh = document["ssh"] as JsonObject ?? [];
        string[] own = [.. (ssh["public_keys"] as JsonArray ?? []).Select(key => key?.GetValue<string>()).OfType<string>()];
        ssh["public_keys"] = new JsonArray([.. own.Union(keys).Select(key => JsonValue.Create(key))]);
        document["ssh"] = ssh;
        return document.ToJsonString();
    }

    /// <summary>A document without operations that names where a host gets the definition and delivers the result.</summary>
    internal static string StandIn(Uri baseUri)
    {
        string jobs = $"{baseUri.AbsoluteUri.TrimEnd('/')}/deployments/jobs/{JobPlaceholder}";
        return new JsonObject
        {
            ["version"] = "0.1",
            ["type"] = "container",
            ["logistics"] = new JsonObject
            {
                ["send"] = Endpoint($"{jobs}/job-definition"),
                ["receive"] = Endpoint($"{jobs}/results"),
            },
            ["ops"] = new JsonArray(),
        }.ToJsonString();

        static JsonObject Endpoint(string address) => new() { ["type"] = "api", ["args"] = new JsonObject { ["endpoint"] = address } };
    }

    private async Task<string> PinAsync(string document, CancellationToken cancellationToken)
    {
        byte[] content = Encoding.UTF8.GetBytes(document);
        Cid cid = UnixFsNode.CidOf(content);
        if (_pinned.ContainsKey(cid)) return cid.ToString();
        cid = (await pins.PinAsync(content, cancellationToken)).Computed;
        if (_pinned.Count >= MostKnown) _pinned.Clear();
        _pinned.TryAdd(cid, 0);
        return cid.ToString();
    }
}
