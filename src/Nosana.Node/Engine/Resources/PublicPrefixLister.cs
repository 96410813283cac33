using System.Globalization;
using System.Net;

namespace Nosana.Node.Engine.Resources;

/// <summary>
/// Files of a public HTTP address. Named ones are asked for one by one. Without names the address is listed as the bucket that stands behind
/// it, either the host's own or the one that its path begins with; what cannot be listed is taken for a file.
/// </summary>
internal sealed class PublicPrefixLister(S3Location.PublicPrefix location, ResourceHttp http, ResourceOptions options)
{
    public async Task ListAsync(IReadOnlyList<string> names, ListedFiles files, CancellationToken cancellationToken)
    {
        if (names.Count > 0)
        {
            foreach (string name in names.Distinct(StringComparer.Ordinal)) files.Add(await HeadAsync(Below(name), name, cancellationToken));
            return;
        }
        int before = files.Count;
        string path = Uri.UnescapeDataString(location.Url.AbsolutePath).Trim('/');
        string[] parts = path.Split('/', 2);
        if (await AddBucketAsync(new Uri(location.Url, "/"), path, files, cancellationToken) && files.Count > before) return;
        string below = parts.Length > 1 ? parts[1] : "";
        if (parts[0].Length > 0
            && await AddBucketAsync(new Uri(location.Url, "/" + Uri.EscapeDataString(parts[0])), below, files, cancellationToken) && files.Count > before)
            return;
        if (path.Length == 0 || location.Url.AbsolutePath.EndsWith('/'))
            throw new ResourceException(ResourceFault.NotFound, $"{location.Source}: there are no files, or the address cannot be listed. Check it, "
                + "and name the files in 'files'.");
        files.Add(await HeadAsync(location.Url, path[(path.LastIndexOf('/') + 1)..], cancellationToken));
    }

    /// <summary>Adds all objects below a prefix; false when the address is not a bucket that may be listed.</summary>
    private Task<bool> AddBucketAsync(Uri bucket, string prefix, ListedFiles files, CancellationToken cancellationToken)
    {
        string below = prefix.Length == 0 ? "" : prefix + "/";
        async Task<byte[]?> PageAsync(string? next)
        {
            string query = $"?list-type=2&prefix={Uri.EscapeDataString(below)}{(next is null ? "" : $"&continuation-token={Uri.EscapeDataString(next)}")}";
            RemoteRequest request = Request(new Uri(bucket, bucket.AbsolutePath + query));
            using HttpResponseMessage response = await http.AskAsync(request, cancellationToken);
            if (response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented)
                throw ResourceHttp.Fault(request, response.StatusCode);
            return response.IsSuccessStatusCode
                && response.Content.Headers.ContentType?.MediaType?.Contains("xml", StringComparison.OrdinalIgnoreCase) == true
                ? await http.ReadAsync(response, request, options.AnswerBytes, cancellationToken)
                : null;
        }
        return new BucketWalk(location.Source, options, PageAsync)
            .RunAsync(below, (one, name) => files.Add(File(() => Below(name), name, one.Size, one.EntityTag, null)), cancellationToken);
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
            return File(() => url, path, response.Content.Headers.ContentLength, response.Headers.ETag?.ToString(), response.Content.Headers.LastModified);
    }

    private RemoteFile File(Func<Uri> url, string path, long? size, string? tag, DateTimeOffset? modified)
    {
        bool strong = tag is { Length: > 0 } && !tag.StartsWith("W/", StringComparison.Ordinal);
        return new RemoteFile
        {
            Path = path,
            Size = size,
            Version = tag is { Length: > 0 } ? tag : modified?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            EntityTag = strong ? $"\"{tag!.Trim('"')}\"" : null,
            Request = () => Request(url()),
        };
    }

    /// <summary>The address of a file below the location; a query (a signature) stays.</summary>
    private Uri Below(string name) => new UriBuilder(location.Url)
    {
        Path = location.Url.AbsolutePath.TrimEnd('/') + "/" + string.Join('/', name.Split('/').Select(Uri.EscapeDataString)),
    }.Uri;

    private RemoteRequest Request(Uri url) => new() { Url = url, Source = location.Source, Trusted = location.Trusted };
}
