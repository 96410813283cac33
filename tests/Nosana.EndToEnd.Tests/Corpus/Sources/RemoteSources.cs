using System.Text;
using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Corpus.Sources;

/// <summary>All remote sources that definitions of the corpus name, on loopback.</summary>
internal sealed class RemoteSources : IAsyncDisposable
{
    private readonly LoopbackSite _hub, _registry;

    private RemoteSources(S3Server s3, LoopbackSite hub, LoopbackSite registry) => (S3, _hub, _registry) = (s3, hub, registry);

    public S3Server S3 { get; }

    /// <summary>Options that lead there. The network's bucket is reached by its own name and by its host's.</summary>
    public IReadOnlyList<string> Mirrors =>
    [
        "--mirror", $"https://models.nosana.io={S3.Address}/{S3Server.Bucket}",
        "--mirror", $"https://nosana.mypinata.cloud={S3.Address}/{S3Server.Bucket}/pinata",
        "--mirror", $"https://pub-5bc58981af9f42659ff8ada57bfea92c.r2.dev={S3.Address}/{S3Server.Bucket}/r2",
        "--mirror", $"https://huggingface.co={_hub.Address}",
        "--mirror", $"https://registry.ollama.ai={_registry.Address}",
    ];

    public static async Task<RemoteSources> StartAsync()
    {
        S3Server s3 = await S3Server.StartAsync();
        foreach ((string key, string content) in RemoteFiles.Objects) await s3.PutAsync(key, Encoding.UTF8.GetBytes(content));
        return new RemoteSources(s3, await LoopbackSite.StartAsync(HuggingFaceStandIn.AnswerAsync), await LoopbackSite.StartAsync(new OllamaStandIn().AnswerAsync));
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _hub.DisposeAsync();
        await S3.DisposeAsync();
    }
}
