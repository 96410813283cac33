using System.Net;
using Nosana.JobDefinition.Model;

namespace Nosana.Node.Engine.Resources;

/// <summary>
/// Lists a bucket of the S3 API, and makes the requests for its objects: signed addresses where there are credentials, so that everything is asked
/// for and read as it is of any other source.
/// </summary>
internal sealed class S3BucketLister(S3Location.Bucket bucket, S3Credentials? iam, ResourceHttp http, ResourceOptions options, TimeProvider time)
{
    private const string RegionHeader = "x-amz-bucket-region";

    /// <summary>Of an answer that says why not.</summary>
    private const int MaxErrorBytes = 64 << 10;

    /// <summary>A signature is made for each try and used at once.</summary>
    private static readonly TimeSpan SignatureLife = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, string> NoQuery = [];

    private string _region = bucket.Region;
    private bool _moved;

    /// <summary>Finds the files below the bucket's prefix; the prefix itself when it is an object.</summary>
    /// <param name="names">Objects or whole prefixes below it; empty for all.</param>
    /// <param name="files">Takes them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ListAsync(IReadOnlyList<string> names, ListedFiles files, CancellationToken cancellationToken)
    {
        int before = files.Count;
        if (names.Count == 0)
        {
            await AddBelowAsync(bucket.Prefix, "", files, cancellationToken);
            if (files.Count == before && bucket.Prefix.Length > 0)
                await AddObjectAsync(bucket.Prefix, bucket.Prefix[(bucket.Prefix.LastIndexOf('/') + 1)..], files, cancellationToken);
            return;
        }
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            string key = bucket.Prefix.Length == 0 ? name : $"{bucket.Prefix}/{name}";
            if (await AddObjectAsync(key, name, files, cancellationToken)) continue;
            before = files.Count;
            await AddBelowAsync(key, name + "/", files, cancellationToken);
            if (files.Count == before)
                throw new ResourceException(ResourceFault.NotFound, $"{bucket.Source}: there is no '{name}'. Check 'files' in the definition.");
        }
    }

    private async Task AddBelowAsync(string prefix, string target, ListedFiles files, CancellationToken cancellationToken)
    {
        string below = prefix.Length == 0 ? "" : prefix + "/";
        async Task<byte[]?> PageAsync(string? next)
        {
            var query = new Dictionary<string, string> { ["list-type"] = "2", ["prefix"] = below };
            if (next is not null) query["continuation-token"] = next;
            (HttpResponseMessage response, RemoteRequest request) = await AskAsync(HttpMethod.Get, "", query, cancellationToken);
            using (response)
            {
                if (response.IsSuccessStatusCode) return await http.ReadAsync(response, request, options.AnswerBytes, cancellationToken);
                if (response.StatusCode == HttpStatusCode.NotFound)
                    throw new ResourceException(ResourceFault.NotFound,
                        $"{bucket.Source}: the bucket {bucket.Name} does not exist. Check the address in the definition.");
                byte[] said = await http.ReadAsync(response, request, MaxErrorBytes, cancellationToken);
                throw ResourceHttp.Fault(request, response.StatusCode, BucketPage.ErrorCode(said));
            }
        }
        if (!await new BucketWalk(bucket.Source, options, PageAsync)
            .RunAsync(below, (one, name) => files.Add(File(one.Key, target + name, one.Size, one.EntityTag)), cancellationToken))
            throw new ResourceException(ResourceFault.Corrupt,
                $"{bucket.Source}: {RemoteRequest.Show(AddressOf(HttpMethod.Get, "", NoQuery, _region))} does not answer as S3 does.");
    }

    /// <summary>False when there is no such object.</summary>
    private async Task<bool> AddObjectAsync(string key, string path, ListedFiles files, CancellationToken cancellationToken)
    {
        (HttpResponseMessage response, RemoteRequest request) = await AskAsync(HttpMethod.Head, key, NoQuery, cancellationToken);
        using (response)
        {
            if (response.StatusCode == HttpStatusCode.NotFound) return false;
            if (!response.IsSuccessStatusCode) throw ResourceHttp.Fault(request, response.StatusCode);
            files.Add(File(key, path, response.Content.Headers.ContentLength, response.Headers.ETag?.ToString()));
            return true;
        }
    }

    private RemoteFile File(string key, string path, long? size, string? tag)
    {
        string? quoted = string.IsNullOrEmpty(tag) || tag.StartsWith("W/", StringComparison.Ordinal) ? null : $"\"{tag.Trim('"')}\"";
        string region = _region;
        return new RemoteFile
        {
            Path = path,
            Size = size,
            Version = quoted,
            EntityTag = quoted,
            Request = () => Request(HttpMethod.Get, AddressOf(HttpMethod.Get, key, NoQuery, region)),
        };
    }

    /// <summary>The answer, whatever its status; once more from where the bucket is, when Amazon says that it is in another region.</summary>
    private async Task<(HttpResponseMessage Response, RemoteRequest Request)> AskAsync(
        HttpMethod method, string key, IReadOnlyDictionary<string, string> query, CancellationToken cancellationToken)
    {
        while (true)
        {
            RemoteRequest request = Request(method, AddressOf(method, key, query, _region));
            HttpResponseMessage response = await http.AskAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode || bucket.Endpoint is not null || _moved) return (response, request);
            if (await RegionElsewhereAsync(response, cancellationToken) is not { } region) return (response, request);
            response.Dispose();
            (_region, _moved) = (region, true);
        }
    }

    /// <summary>Amazon says of every bucket, also one that may not be read, where it is.</summary>
    private async Task<string?> RegionElsewhereAsync(HttpResponseMessage refusal, CancellationToken cancellationToken)
    {
        string? region = RegionOf(refusal);
        if (region is null && refusal.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect or HttpStatusCode.BadRequest)
        {
            using HttpResponseMessage response = await http.AskAsync(
                Request(HttpMethod.Head, new Uri($"https://s3.amazonaws.com/{Uri.EscapeDataString(bucket.Name)}")), cancellationToken);
            region = RegionOf(response);
        }
        return region is not null && region != _region && S3Location.IsRegion(region) ? region : null;
    }

    private static string? RegionOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(RegionHeader, out IEnumerable<string>? regions) ? regions.First() : null;

    private RemoteRequest Request(HttpMethod method, Uri url) => new() { Method = method, Url = url, Source = bucket.Source, Trusted = bucket.Trusted };

    /// <summary>The address of an object, or of the bucket itself; a signed one where there are credentials.</summary>
    private Uri AddressOf(HttpMethod method, string key, IReadOnlyDictionary<string, string> query, string region)
    {
        string amazon = $"https://s3.{region}.amazonaws.com{(region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}";
        string path = key.Length == 0 ? "" : "/" + string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        var url = new Uri($"{bucket.Endpoint?.GetLeftPart(UriPartial.Authority) ?? amazon}/{Uri.EscapeDataString(bucket.Name)}{path}");
        if (iam is not null) return S3Signature.Sign(method, url, query, iam, region, time.GetUtcNow(), SignatureLife);
        return query.Count == 0 ? url : new Uri($"{url.AbsoluteUri}?{S3Signature.QueryOf(query)}");
    }
}
