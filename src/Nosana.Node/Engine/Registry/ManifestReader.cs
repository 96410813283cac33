using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Nosana.Node.Engine.Images;

namespace Nosana.Node.Engine.Registry;

/// <summary>Reads manifests of Docker (v2, schema 2) and OCI and what they name, and takes none that an engine could be led astray by.</summary>
internal static partial class ManifestReader
{
    /// <summary>As the distribution specification wants registries to take them.</summary>
    public const int MaxBytes = 4 << 20;

    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json", OciManifest = "application/vnd.oci.image.manifest.v1+json";

    private const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json", OciIndex = "application/vnd.oci.image.index.v1+json";

    /// <summary>An overlay file system has at most 500.</summary>
    private const int MaxLayers = 500;

    private const int MaxPlatforms = 1000;

    public static IReadOnlyList<string> MediaTypes { get; } = [DockerManifest, OciManifest, DockerIndex, OciIndex];

    /// <summary>Whether what has come is a list of manifests, one for each platform.</summary>
    /// <exception cref="EngineException">It is neither a list nor a manifest.</exception>
    public static bool IsIndex(ImageReference image, byte[] content, string? header) => MediaTypeOf(image, content, header) is DockerIndex or OciIndex;

    /// <summary>Kind of what has come: by its own word, else by the answer's header, else by what is in it.</summary>
    public static string MediaTypeOf(ImageReference image, byte[] content, string? header) => Reading(image, content, root =>
    {
        string? own = root.TryGetProperty("mediaType", out JsonElement type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
        string kind = own is { Length: > 0 } ? own : header is not null && MediaTypes.Contains(header) ? header
            : root.TryGetProperty("manifests", out _) ? OciIndex : OciManifest;
        if (!MediaTypes.Contains(kind)) throw RegistryFault.Refused(image, "what its registry sends is of a kind that no engine runs");
        bool isList = kind is DockerIndex or OciIndex;
        if (!root.TryGetProperty("schemaVersion", out JsonElement version) || version.ValueKind != JsonValueKind.Number || version.GetInt32() != 2
            || root.TryGetProperty(isList ? "layers" : "manifests", out _))
            throw RegistryFault.Refused(image, "what its registry sends is no manifest of schema version 2");
        return kind;
    });

    /// <summary>The manifest for a platform in a list.</summary>
    /// <returns>Null, with the platforms that there are, when there is none for it.</returns>
    public static (ImagePart? Manifest, string Has) Choose(ImageReference image, byte[] index, EnginePlatform platform) => Reading(image, index, root =>
    {
        List<(ImagePart Part, string System, string Architecture, string? Variant)> found = [];
        foreach (JsonElement entry in root.GetProperty("manifests").EnumerateArray())
        {
            if (found.Count == MaxPlatforms) throw RegistryFault.Refused(image, $"its list of platforms has more than {MaxPlatforms} entries");
            if (!entry.TryGetProperty("platform", out JsonElement of) || of.ValueKind != JsonValueKind.Object) continue;
            if (Text(of, "os") is { } system && Text(of, "architecture") is { } architecture)
                found.Add((Part(image, entry), system, architecture, Text(of, "variant")));
        }
        ImagePart? best = platform.Best(found.Select(one => (one.Part, one.System, one.Architecture, one.Variant)));
        string has = string.Join(", ", found.Select(one => $"{one.System}/{one.Architecture}").Where(IsPlatform).Distinct().Take(8));
        return (best, has.Length == 0 ? "no platform that is known" : has);
    });

    /// <summary>Configuration and layers of a manifest.</summary>
    public static (ImagePart Config, IReadOnlyList<ImagePart> Layers) Parts(ImageReference image, byte[] manifest) => Reading(image, manifest, root =>
    {
        ImagePart config = Part(image, root.GetProperty("config"));
        var layers = new List<ImagePart>();
        int count = 0;
        foreach (JsonElement entry in root.GetProperty("layers").EnumerateArray())
        {
            if (++count > MaxLayers) throw RegistryFault.Refused(image, $"it has more than {MaxLayers} layers");
            ImagePart layer = Part(image, entry);
            ImagePart? same = layers.Find(other => other.Digest == layer.Digest);
            if (same is not null && same.Size != layer.Size) throw RegistryFault.Refused(image, "its manifest gives one layer two sizes");
            if (same is null) layers.Add(layer);
        }
        if (layers.Aggregate(0m, (sum, layer) => sum + layer.Size) > long.MaxValue) throw RegistryFault.Refused(image, "its layers are larger than any disk");
        return (config, (IReadOnlyList<ImagePart>)layers);
    });

    /// <summary>Platform and environment of a configuration.</summary>
    public static (string? System, string? Architecture, IReadOnlyList<string> Environment) Configuration(ImageReference image, byte[] config) =>
        Reading(image, config, root =>
        {
            List<string> environment = [];
            if (root.TryGetProperty("config", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object
                && inner.TryGetProperty("Env", out JsonElement lines) && lines.ValueKind == JsonValueKind.Array)
                environment.AddRange(lines.EnumerateArray().Where(line => line.ValueKind == JsonValueKind.String).Select(line => line.GetString()!));
            return (Text(root, "os"), Text(root, "architecture"), (IReadOnlyList<string>)environment);
        });

    /// <summary>A platform for a person: a registry may send any text as one, and what is none is not repeated.</summary>
    public static string PlatformText(string? system, string? architecture) =>
        $"{system}/{architecture}" is var text && IsPlatform(text) ? text : "another platform";

    public static string DigestOf(ReadOnlySpan<byte> content, string like = "sha256:") => like.StartsWith("sha512:", StringComparison.Ordinal)
        ? $"sha512:{Convert.ToHexStringLower(SHA512.HashData(content))}"
        : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private static ImagePart Part(ImageReference image, JsonElement entry)
    {
        // An engine with containerd's store would fetch these itself, from wherever they are.
        if (entry.TryGetProperty("urls", out JsonElement urls) && urls.ValueKind != JsonValueKind.Null)
            throw RegistryFault.Refused(image, "its manifest has parts at addresses of their own (urls), which are not followed");
        string? digest = Text(entry, "digest");
        if (digest is null || !Digest().IsMatch(digest) || !entry.TryGetProperty("size", out JsonElement size) || !size.TryGetInt64(out long bytes)
            || bytes < 0)
            throw RegistryFault.Refused(image, "its manifest has a part without a legal digest and size");
        return new ImagePart(digest, bytes);
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>What the reading of a stranger's JSON throws is his fault.</summary>
    private static T Reading<T>(ImageReference image, byte[] content, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw RegistryFault.Refused(image, "what its registry sends is not what an image's manifest or configuration looks like");
        }
    }

    private static bool IsPlatform(string text) => LegalPlatform().IsMatch(text);

    [GeneratedRegex(@"\A(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Digest();

    [GeneratedRegex(@"\A[a-z0-9]{1,16}/[a-z0-9]{1,16}\z", RegexOptions.CultureInvariant)]
    private static partial Regex LegalPlatform();
}
