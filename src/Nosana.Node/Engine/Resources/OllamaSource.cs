using System.Security.Cryptography;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Nosana.JobDefinition.Model;

namespace Nosana.Node.Engine.Resources;

/// <summary>A model of Ollama's registry, in the layout in which Ollama keeps its models: manifests by name, blobs by digest.</summary>
internal sealed partial class OllamaSource(OllamaResource resource, ResourceHttp http, MirrorMap mirrors, ResourceOptions options) : IResourceSource
{
    private const int MaxManifestBytes = 1 << 20;
    private const string RegistryName = "registry.ollama.ai";
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private string Source => $"Ollama {resource.Model}";

    public async Task<ResourceListing> ListAsync(CancellationToken cancellationToken)
    {
        Match name = ModelName().Match(resource.Model);
        if (!name.Success || resource.Model.Contains("..", StringComparison.Ordinal))
            throw new ResourceException(ResourceFault.Invalid, $"{Source}: '{resource.Model}' is not a model. Write [namespace/]name[:tag].");
        string space = name.Groups["space"] is { Success: true } given ? given.Value : "library";
        string tag = name.Groups["tag"] is { Success: true } tagged ? tagged.Value : "latest";
        string model = name.Groups["name"].Value;
        MirrorMap.Place place = mirrors.MapBase(options.Ollama, ResourceOptions.OfficialOllama);
        string root = $"{place.Url}/v2/{space}/{model}";

        RemoteRequest request = Request(new Uri($"{root}/manifests/{tag}"), place.Trusted) with { Accept = ManifestType };
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        byte[] content = await http.ReadAsync(response, request, MaxManifestBytes, cancellationToken);
        OllamaManifest manifest = JsonAnswer.Parse(content, OllamaJson.Default.OllamaManifest, request);

        var files = new ListedFiles(Source, options);
        files.Add(new RemoteFile
        {
            Path = $"manifests/{RegistryName}/{space}/{model}/{tag}",
            Size = content.Length,
            Version = Convert.ToHexStringLower(SHA256.HashData(content)),
            Content = content,
        });
        OllamaLayer?[] layers = [.. manifest.Config is { } config ? [config] : Array.Empty<OllamaLayer>(), .. manifest.Layers ?? []];
        if (layers.Length == 0) throw new ResourceException(ResourceFault.Corrupt, $"{Source}: the manifest names no layers.");
        foreach (OllamaLayer? layer in layers.DistinctBy(layer => layer?.Digest))
        {
            if (layer?.Digest is null || !DigestForm().IsMatch(layer.Digest))
                throw new ResourceException(ResourceFault.Corrupt, $"{Source}: the manifest names a layer without a SHA-256 digest.");
            string hex = layer.Digest["sha256:".Length..];
            var url = new Uri($"{root}/blobs/{layer.Digest}");
            files.Add(new RemoteFile
            {
                Path = $"blobs/sha256-{hex}",
                Size = layer.Size,
                Version = hex,
                Checksum = new RemoteChecksum(ChecksumKind.Sha256, hex),
                Request = () => Request(url, place.Trusted),
            });
        }
        return new ResourceListing(Source, $"ollama {root}:{tag}", "", files.All);
    }

    private RemoteRequest Request(Uri url, bool trusted) => new() { Url = url, Source = Source, Trusted = trusted };

    [GeneratedRegex(@"\A(?:(?<space>[A-Za-z0-9_][\w.-]*)/)?(?<name>[A-Za-z0-9_][\w.-]*)(?::(?<tag>[A-Za-z0-9_][\w.-]*))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex ModelName();

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex DigestForm();
}

internal sealed record OllamaManifest(OllamaLayer? Config, OllamaLayer?[]? Layers);

internal sealed record OllamaLayer(string? Digest, long? Size);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OllamaManifest))]
internal sealed partial class OllamaJson : JsonSerializerContext;
