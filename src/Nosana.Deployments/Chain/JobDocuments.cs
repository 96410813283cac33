using System.Text;
using System.Text.Json.Nodes;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Ipfs.Http;

namespace Nosana.Deployments.Chain;

/// <summary>Definitions through a pinning service.</summary>
/// <param name="pins">The service.</param>
/// <param name="baseUri">Where hosts reach this manager: in the document that stands for confidential definitions.</param>
public sealed class JobDocuments(IpfsPinningClient pins, Uri baseUri) : IJobDocuments
{
    /// <summary>Hosts put the job's own address in its place.</summary>
    private const string JobPlaceholder = "%%global.job%%";

    private readonly Lock _lock = new();
    private string? _confidential;

    public async Task<string> PublishAsync(Deployment deployment, DeploymentRevision revision, CancellationToken cancellationToken)
    {
        if (!deployment.Confidential) return revision.Cid ?? await PinAsync(revision.Definition, cancellationToken);
        lock (_lock)
        {
            if (_confidential is { } known) return known;
        }
        string pinned = await PinAsync(StandIn(baseUri), cancellationToken);
        lock (_lock) return _confidential ??= pinned;
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

    private async Task<string> PinAsync(string document, CancellationToken cancellationToken) =>
        (await pins.PinAsync(Encoding.UTF8.GetBytes(document), cancellationToken)).Computed.ToString();
}
