using System.Security.Cryptography;
using System.Text;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine.Resources;

namespace Nosana.Node.Tests.Engine.Resources;

/// <summary>The registry's protocol on loopback.</summary>
public sealed class OllamaSourceTests : IAsyncLifetime
{
    private static readonly byte[] Config = "{\"model_format\":\"gguf\"}"u8.ToArray(), Weights = RandomNumberGenerator.GetBytes(150_000);

    private RemoteServer _registry = null!;

    public async ValueTask InitializeAsync()
    {
        _registry = await RemoteServer.StartAsync();
        _registry.EntityTag = null;
        foreach (byte[] blob in (byte[][])[Config, Weights]) _registry.Files[$"/v2/library/tiny/blobs/{Digest(blob)}"] = blob;
        _registry.Files["/v2/library/tiny/manifests/1b"] = Manifest(Digest(Weights), Weights.Length);
    }

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task Fetch_Model_LiesAsOllamaKeepsIt()
    {
        using Fetching fetching = Trusting();
        _registry.Cuts.Enqueue(1_000_000); // the manifest, whole
        _registry.Cuts.Enqueue(5);

        Dictionary<string, byte[]> files = await fetching.FetchAsync(new OllamaResource("/m", "tiny:1b"));

        Assert.Equal(
            new[] { "blobs/" + Digest(Config).Replace(':', '-'), "blobs/" + Digest(Weights).Replace(':', '-'), "manifests/registry.ollama.ai/library/tiny/1b" }.Order(StringComparer.Ordinal),
            files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Weights, files["blobs/" + Digest(Weights).Replace(':', '-')]);
        Assert.Equal(_registry.Files["/v2/library/tiny/manifests/1b"], files["manifests/registry.ollama.ai/library/tiny/1b"]);
    }

    [Theory]
    [InlineData("tiny", "/v2/library/tiny/manifests/latest")]
    [InlineData("me/tiny:x-1.5", "/v2/me/tiny/manifests/x-1.5")]
    public async Task List_Name_AsksForItsManifest(string model, string path)
    {
        _registry.Files[path] = Manifest(Digest(Weights), Weights.Length);
        using Fetching fetching = Trusting();

        Assert.Equal(3, (await fetching.ListAsync(new OllamaResource("/m", model))).Files.Count);
        Assert.Equal($"GET {path}", _registry.Requests.Single());
    }

    [Fact]
    public async Task Fetch_BlobWithAnotherDigest_IsCorrupt()
    {
        string digest = "sha256:" + new string('1', 64);
        _registry.Files[$"/v2/library/tiny/blobs/{digest}"] = Weights;
        _registry.Files["/v2/library/tiny/manifests/1b"] = Manifest(digest, Weights.Length);
        using Fetching fetching = Trusting();

        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() => fetching.FetchAsync(new OllamaResource("/m", "tiny:1b")));

        Assert.Equal(ResourceFault.Corrupt, failure.Fault);
        Assert.Contains("Ollama tiny:1b", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha256:../../../../etc/passwd")]
    [InlineData("md5:00")]
    public async Task List_DigestThatIsNone_IsCorrupt(string digest)
    {
        _registry.Files["/v2/library/tiny/manifests/1b"] = Manifest(digest, 1);
        using Fetching fetching = Trusting();
        Assert.Equal(ResourceFault.Corrupt, (await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(new OllamaResource("/m", "tiny:1b")))).Fault);
    }

    [Theory]
    [InlineData("../tiny")]
    [InlineData("a/b/c")]
    [InlineData("tiny:..")]
    [InlineData("tiny:1b/../../x")]
    public async Task List_NoModel_IsInvalid(string model)
    {
        using Fetching fetching = Trusting();
        Assert.Equal(ResourceFault.Invalid, (await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(new OllamaResource("/m", model)))).Fault);
        Assert.Empty(_registry.Requests);
    }

    [Fact]
    public async Task List_UnknownModel_IsNotFound()
    {
        using Fetching fetching = Trusting();
        Assert.Equal(ResourceFault.NotFound, (await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(new OllamaResource("/m", "other")))).Fault);
    }

    private Fetching Trusting() => new(options => options with { Ollama = new Uri(_registry.Url) });

    private static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private static byte[] Manifest(string digest, long size) => Encoding.UTF8.GetBytes($$$"""
        {"schemaVersion":2,"config":{"mediaType":"x","digest":"{{{Digest(Config)}}}","size":{{{Config.Length}}}},
         "layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"{{{digest}}}","size":{{{size}}}}]}
        """);
}
