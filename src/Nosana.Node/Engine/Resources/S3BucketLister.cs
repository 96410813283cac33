using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Nosana.JobDefinition.Model;

namespace Nosana.Node.Engine.Resources;

/// <summary>
/// Lists a bucket through the S3 API, and makes the requests for its objects: signed addresses, so that objects are downloaded as any
/// other file is.
/// </summary>
internal sealed class S3BucketLister : IDisposable
{
    /// <summary>A signature is made for each try and used at once.</summary>
    private static readonly TimeSpan SignatureLife = TimeSpan.FromHours(1);

    private readonly S3Location.Bucket _bucket;
    private readonly S3Credentials? _iam;
    private readonly ResourceHttp _http;
    private readonly ResourceOptions _options;
    private AmazonS3Client _client;
    private bool _moved;

    public S3BucketLister(S3Location.Bucket bucket, S3Credentials? iam, ResourceHttp http, ResourceOptions options)
    {
        (_bucket, _iam, _http, _options) = (bucket, iam, http, options);
        _client = Client(bucket.Region);
    }

    /// <summary>Files below the bucket's prefix; the prefix itself when it is an object.</summary>
    /// <param name="names">Objects or whole prefixes below it; empty for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<RemoteFile>> ListAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var files = new List<RemoteFile>();
        if (names.Count == 0)
        {
            await AddBelowAsync(_bucket.Prefix, "", files, cancellationToken);
            if (files.Count == 0 && _bucket.Prefix.Length > 0 && await HeadAsync(_bucket.Prefix, cancellationToken) is { } single)
                files.Add(File(_bucket.Prefix, _bucket.Prefix[(_bucket.Prefix.LastIndexOf('/') + 1)..], single.ContentLength, single.ETag));
            return files;
        }
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            string key = _bucket.Prefix.Length == 0 ? name : $"{_bucket.Prefix}/{name}";
            if (await HeadAsync(key, cancellationToken) is { } found)
            {
                files.Add(File(key, name, found.ContentLength, found.ETag));
                continue;
            }
            int before = files.Count;
            await AddBelowAsync(key, name + "/", files, cancellationToken);
            if (files.Count == before)
                throw new ResourceException(ResourceFault.NotFound, $"{_bucket.Source}: there is no '{name}'. Check 'files' in the definition.");
        }
        return files;
    }

    public void Dispose() => _client.Dispose();

    private async Task AddBelowAsync(string prefix, string target, List<RemoteFile> files, CancellationToken cancellationToken)
    {
        string below = prefix.Length == 0 ? "" : prefix + "/";
        string? next = null;
        do
        {
            ListObjectsV2Response page = await DoAsync(
                () => _client.ListObjectsV2Async(
                    new ListObjectsV2Request { BucketName = _bucket.Name, Prefix = below, ContinuationToken = next }, cancellationToken), cancellationToken)
                ?? throw new ResourceException(ResourceFault.NotFound,
                    $"{_bucket.Source}: the bucket {_bucket.Name} does not exist. Check the address in the definition.");
            foreach (S3Object found in page.S3Objects ?? [])
            {
                // Consoles make empty objects for what they show as folders.
                if (found.Key.EndsWith('/') && found.Size is 0 or null) continue;
                if (!found.Key.StartsWith(below, StringComparison.Ordinal))
                    throw new ResourceException(ResourceFault.Corrupt, $"{_bucket.Source}: the listing has an object outside of the prefix.");
                files.Add(File(found.Key, target + found.Key[below.Length..], found.Size, found.ETag));
                if (files.Count > _options.MaxFiles)
                    throw new ResourceException(ResourceFault.TooLarge,
                        $"{_bucket.Source} has more than {_options.MaxFiles} files. Name the needed ones in 'files'.");
            }
            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    private Task<GetObjectMetadataResponse?> HeadAsync(string key, CancellationToken cancellationToken) =>
        DoAsync(() => _client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = _bucket.Name, Key = key }, cancellationToken),
            cancellationToken);

    private RemoteFile File(string key, string path, long? size, string? tag)
    {
        string? quoted = string.IsNullOrEmpty(tag) || tag.StartsWith("W/", StringComparison.Ordinal) ? null : $"\"{tag.Trim('"')}\"";
        string region = _client.Config.RegionEndpoint?.SystemName ?? _bucket.Region;
        return new RemoteFile
        {
            Path = ResourcePath.Check(path, _bucket.Source),
            Size = size,
            Version = quoted,
            EntityTag = quoted,
            Request = () => new RemoteRequest { Url = AddressOf(key, region), Source = _bucket.Source, Trusted = _bucket.Trusted },
        };
    }

    private Uri AddressOf(string key, string region)
    {
        if (_iam is null)
        {
            string host = _bucket.Endpoint?.GetLeftPart(UriPartial.Authority) ?? $"https://s3.{region}.amazonaws.com";
            return new Uri($"{host}/{_bucket.Name}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}");
        }
        using AmazonS3Client signer = Client(region);
        return new Uri(signer.GetPreSignedURL(new GetPreSignedUrlRequest
        {
            BucketName = _bucket.Name,
            Key = key,
            Verb = HttpVerb.GET,
            Expires = DateTime.UtcNow + SignatureLife,
            Protocol = _bucket.Endpoint?.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS,
        }));
    }

    private AmazonS3Client Client(string region)
    {
        var config = new AmazonS3Config
        {
            HttpClientFactory = new OwnClients(_http.ClientFor(_bucket.Trusted)),
            MaxErrorRetry = 0,
            Timeout = _options.Inactivity,
            AuthenticationRegion = region,
            ForcePathStyle = true,
        };
        if (_bucket.Endpoint is { } endpoint) config.ServiceURL = endpoint.GetLeftPart(UriPartial.Authority);
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        AWSCredentials credentials = _iam is null ? new AnonymousAWSCredentials() : new BasicAWSCredentials(_iam.AccessKeyId, _iam.SecretAccessKey);
        return new AmazonS3Client(credentials, config);
    }

    /// <summary>Null when it does not exist.</summary>
    private async Task<T?> DoAsync<T>(Func<Task<T>> request, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return await request();
        }
        catch (AmazonS3Exception exception) when (_bucket.Endpoint is null && !_moved && IsElsewhere(exception))
        {
            _moved = true;
            string region = await AskRegionAsync(cancellationToken) ?? throw ResourceHttp.Fault(Asked(), exception.StatusCode, exception.ErrorCode);
            _client.Dispose();
            _client = Client(region);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode != 0)
        {
            throw ResourceHttp.Fault(Asked(), exception.StatusCode, exception.ErrorCode);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ResourceException(ResourceFault.Unavailable,
                $"{_bucket.Source}: {Asked().Shown} has not answered for {_options.Inactivity}. The source or the way to it is at fault; "
                    + "another try may help.", exception);
        }
        catch (Exception exception) when (ResourceHttp.Fault(_bucket.Source, Asked().Shown, exception) is { } fault)
        {
            throw fault;
        }
        catch (AmazonClientException exception)
        {
            throw new ResourceException(ResourceFault.Unavailable,
                $"{_bucket.Source}: {Asked().Shown} does not answer as S3 does: {exception.Message}", exception);
        }
        return await DoAsync(request, cancellationToken);
    }

    private static bool IsElsewhere(AmazonS3Exception exception) =>
        exception.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect
            || exception.ErrorCode is "AuthorizationHeaderMalformed" or "PermanentRedirect";

    /// <summary>Amazon says of every bucket, also one that may not be read, where it is.</summary>
    private async Task<string?> AskRegionAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.AskAsync(Asked() with { Method = HttpMethod.Head }, cancellationToken);
        return response.Headers.TryGetValues("x-amz-bucket-region", out IEnumerable<string>? regions) ? regions.First() : null;
    }

    private RemoteRequest Asked() => new()
    {
        Url = new Uri($"{_bucket.Endpoint?.GetLeftPart(UriPartial.Authority) ?? "https://s3.amazonaws.com"}/{Uri.EscapeDataString(_bucket.Name)}"),
        Source = _bucket.Source,
        Trusted = _bucket.Trusted,
    };

    /// <summary>The SDK asks through the same guarded client as all others.</summary>
    private sealed class OwnClients(HttpClient client) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
