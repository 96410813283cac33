using System.Net.Http.Headers;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Nosana.JobDefinition.Model;

namespace Nosana.Node.Engine.Resources;

/// <summary>A repository of Hugging Face's hub: its tree by the hub's API, its files by <c>resolve</c>.</summary>
internal sealed partial class HuggingFaceSource(HuggingFaceResource resource, ResourceHttp http, MirrorMap mirrors, ResourceOptions options) : IResourceSource
{
    private string Source => $"Hugging Face {resource.Repo}{(resource.Revision is { Length: > 0 } revision ? $"@{revision}" : "")}";

    public async Task<ResourceListing> ListAsync(CancellationToken cancellationToken)
    {
        if (!RepositoryName().IsMatch(resource.Repo) || resource.Repo.Contains("..", StringComparison.Ordinal))
            throw new ResourceException(ResourceFault.Invalid, $"{Source}: '{resource.Repo}' is not a repository. Write owner/name.");
        string revision = resource.Revision is { Length: > 0 } named ? named : "main";
        MirrorMap.Place place = mirrors.MapBase(options.HuggingFace, ResourceOptions.OfficialHuggingFace);
        string revisionPart = Uri.EscapeDataString(revision);
        var files = new ListedFiles(Source, options);
        var pages = new ListingPages(Source, options);
        Uri? page = new($"{place.Url}/api/models/{resource.Repo}/tree/{revisionPart}?recursive=true");
        while (page is not null)
        {
            RemoteRequest request = Request(page, place.Trusted);
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
            byte[] content = await http.ReadAsync(response, request, options.AnswerBytes, cancellationToken);
            pages.Read(content);
            await foreach (HuggingFaceEntry entry in JsonAnswer.ParseItemsAsync(content, HuggingFaceJson.Default.HuggingFaceEntry, request, cancellationToken))
            {
                if (entry.Type == "file") files.Add(File(entry, place, revisionPart));
            }
            Uri? next = NextPage(response.Headers, page);
            if (next is not null && Uri.Compare(next, page, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0)
                throw new ResourceException(ResourceFault.Corrupt, $"{Source}: the hub continues its listing on another host, {next.Host}.");
            if (next is not null) pages.Follow(next.AbsoluteUri);
            page = next;
        }
        string fingerprint = resource.AccessToken is { Length: > 0 } token ? ResourceListing.Fingerprint(token) : "";
        return new ResourceListing(Source, $"hf {place.Url}/{resource.Repo}@{revision}", fingerprint, Named(files.All));
    }

    private IReadOnlyList<RemoteFile> Named(IReadOnlyList<RemoteFile> files)
    {
        if (resource.Files.Count == 0) return files;
        var byPath = new Dictionary<string, RemoteFile>(StringComparer.Ordinal);
        foreach (RemoteFile file in files) byPath[file.Path] = file;
        return [.. resource.Files.Distinct(StringComparer.Ordinal).Select(name => byPath.TryGetValue(name, out RemoteFile? file) ? file
            : throw new ResourceException(ResourceFault.NotFound, $"{Source} has no file '{name}'. Check 'files' in the definition."))];
    }

    private RemoteFile File(HuggingFaceEntry entry, MirrorMap.Place place, string revisionPart)
    {
        string path = entry.Path ?? throw new ResourceException(ResourceFault.Corrupt, $"{Source}: the hub lists a file without a path.");
        Uri Address() => new($"{place.Url}/{resource.Repo}/resolve/{revisionPart}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");
        return new RemoteFile
        {
            Path = path,
            Size = entry.Lfs?.Size ?? entry.Size,
            Version = entry.Lfs?.Oid ?? entry.Oid,
            Checksum = entry.Lfs is { Oid: { Length: 64 } sha } ? new RemoteChecksum(ChecksumKind.Sha256, sha.ToLowerInvariant())
                : entry is { Lfs: null, Oid: { Length: 40 } blob } ? new RemoteChecksum(ChecksumKind.GitBlob, blob.ToLowerInvariant()) : null,
            Request = () => Request(Address(), place.Trusted),
        };
    }

    private RemoteRequest Request(Uri url, bool trusted) => new() { Url = url, Source = Source, Trusted = trusted, BearerToken = resource.AccessToken };

    private Uri? NextPage(HttpResponseHeaders headers, Uri page)
    {
        if (!headers.TryGetValues("Link", out IEnumerable<string>? links)) return null;
        Match next = NextLink().Match(string.Join(", ", links));
        if (!next.Success) return null;
        return Uri.TryCreate(page, next.Groups[1].Value, out Uri? address)
            ? address
            : throw new ResourceException(ResourceFault.Corrupt,
                $"{Source}: the hub continues its listing at an address that is none. The source is at fault.");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][\w.-]*(/[\w.-]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ECMAScript)]
    private static partial Regex RepositoryName();

    [GeneratedRegex("""<([^<>]+)>\s*;\s*rel="?next"?""", RegexOptions.CultureInvariant)]
    private static partial Regex NextLink();
}

internal sealed record HuggingFaceEntry(string? Type, string? Path, long? Size, string? Oid, HuggingFaceLfs? Lfs);

/// <summary>A large file: the oid is its SHA-256.</summary>
internal sealed record HuggingFaceLfs(string? Oid, long? Size);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HuggingFaceEntry))]
internal sealed partial class HuggingFaceJson : JsonSerializerContext;
