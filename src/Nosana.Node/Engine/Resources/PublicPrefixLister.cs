using System.Net;
using System.Xml;
using System.Xml.Linq;

namespace Nosana.Node.Engine.Resources;

/// <summary>
/// Files of a public HTTP address. Named ones are asked for one by one. Without names the address is listed as the bucket that stands behind
/// it, either the host's own or the one that its path begins with; what cannot be listed is taken for a file.
/// </summary>
internal sealed class PublicPrefixLister(S3Location.PublicPrefix location, ResourceHttp http, ResourceOptions options)
{
    private const int MaxPageBytes = 32 << 20;

    public async Task<IReadOnlyList<RemoteFile>> ListAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (names.Count > 0)
        {
            var named = new List<RemoteFile>();
            foreach (string name in names.Distinct(StringComparer.Ordinal)) named.Add(await HeadAsync(Below(name), name, cancellationToken));
            return named;
        }
        string path = Uri.UnescapeDataString(location.Url.AbsolutePath).Trim('/');
        string[] parts = path.Split('/', 2);
        if (await ListBucketAsync(new Uri(location.Url, "/"), path, cancellationToken) is { Count: > 0 } ofHost) return ofHost;
        string below = parts.Length > 1 ? parts[1] : "";
        if (parts[0].Length > 0
            && await ListBucketAsync(new Uri(location.Url, "/" + Uri.EscapeDataString(parts[0])), below, cancellationToken) is { Count: > 0 } ofPath)
            return ofPath;
        if (path.Length > 0 && !location.Url.AbsolutePath.EndsWith('/'))
        {
            string name = path[(path.LastIndexOf('/') + 1)..];
            return [await HeadAsync(location.Url, ResourcePath.Check(name, location.Source), cancellationToken)];
        }
        throw new ResourceException(ResourceFault.NotFound, $"{location.Source}: there are no files, or the address cannot be listed. Check it, "
            + "and name the files in 'files'.");
    }

    /// <summary>All objects below a prefix; null when the address is not a bucket that may be listed.</summary>
    private async Task<List<RemoteFile>?> ListBucketAsync(Uri bucket, string prefix, CancellationToken cancellationToken)
    {
        string below = prefix.Length == 0 ? "" : prefix + "/";
        var files = new List<RemoteFile>();
        string? next = null;
        do
        {
            string query = $"?list-type=2&prefix={Uri.EscapeDataString(below)}{(next is null ? "" : $"&continuation-token={Uri.EscapeDataString(next)}")}";
            RemoteRequest request = Request(new Uri(bucket, bucket.AbsolutePath + query));
            using HttpResponseMessage response = await http.AskAsync(request, cancellationToken);
            if (response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented)
                throw ResourceHttp.Fault(request, response.StatusCode);
            if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType?.Contains("xml", StringComparison.OrdinalIgnoreCase) != true)
                return null;
            if (Parse(await JsonAnswer.ReadBytesAsync(response, request, MaxPageBytes, cancellationToken)) is not { } page) return null;
            foreach (XElement found in Children(page, "Contents"))
            {
                string key = Text(found, "Key") ?? "";
                long? size = long.TryParse(Text(found, "Size"), System.Globalization.CultureInfo.InvariantCulture, out long bytes) ? bytes : null;
                if (key.EndsWith('/') && size is 0 or null) continue;
                if (!key.StartsWith(below, StringComparison.Ordinal))
                    throw new ResourceException(ResourceFault.Corrupt, $"{location.Source}: the listing has an object outside of the prefix.");
                string path = ResourcePath.Check(key[below.Length..], location.Source);
                files.Add(File(Below(path), path, size, Text(found, "ETag"), null));
                if (files.Count > options.MaxFiles)
                    throw new ResourceException(ResourceFault.TooLarge,
                        $"{location.Source} has more than {options.MaxFiles} files. Name the needed ones in 'files'.");
            }
            next = Text(page, "IsTruncated") == "true" ? Text(page, "NextContinuationToken") : null;
        }
        while (next is not null);
        return files;
    }

    private async Task<RemoteFile> HeadAsync(Uri url, string path, CancellationToken cancellationToken)
    {
        RemoteRequest request = Request(url);
        HttpResponseMessage response = await http.AskAsync(request with { Method = HttpMethod.Head }, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            // Not every server of files knows HEAD, and a signed address is signed for GET alone.
            response.Dispose();
            response = await http.SendAsync(request, cancellationToken);
        }
        using (response)
            return File(url, path, response.Content.Headers.ContentLength, response.Headers.ETag?.ToString(), response.Content.Headers.LastModified);
    }

    private RemoteFile File(Uri url, string path, long? size, string? tag, DateTimeOffset? modified)
    {
        bool strong = tag is { Length: > 0 } && !tag.StartsWith("W/", StringComparison.Ordinal);
        return new RemoteFile
        {
            Path = path,
            Size = size,
            Version = tag is { Length: > 0 } ? tag : modified?.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            EntityTag = strong ? $"\"{tag!.Trim('"')}\"" : null,
            Request = () => Request(url),
        };
    }

    /// <summary>The address of a file below the location; a query (a signature) stays.</summary>
    private Uri Below(string name) => new UriBuilder(location.Url)
    {
        Path = location.Url.AbsolutePath.TrimEnd('/') + "/" + string.Join('/', name.Split('/').Select(Uri.EscapeDataString)),
    }.Uri;

    private RemoteRequest Request(Uri url) => new() { Url = url, Source = location.Source, Trusted = location.Trusted };

    private static XElement? Parse(byte[] content)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(content),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XDocument.Load(reader).Root is { Name.LocalName: "ListBucketResult" } root ? root : null;
        }
        catch (XmlException)
        {
            return null; // a page, not a listing
        }
    }

    // Servers differ in the namespace.
    private static IEnumerable<XElement> Children(XElement parent, string name) => parent.Elements().Where(element => element.Name.LocalName == name);

    private static string? Text(XElement parent, string name) => Children(parent, name).FirstOrDefault()?.Value;
}
