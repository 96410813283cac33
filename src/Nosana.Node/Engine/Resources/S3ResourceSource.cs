using Nosana.JobDefinition.Model;

namespace Nosana.Node.Engine.Resources;

/// <summary>An S3 resource in any of its forms: each of its addresses is listed, and all files go into one volume.</summary>
internal sealed class S3ResourceSource(S3Resource resource, ResourceHttp http, MirrorMap mirrors, ResourceOptions options) : IResourceSource
{
    public async Task<ResourceListing> ListAsync(CancellationToken cancellationToken)
    {
        // All three may be empty, which means none.
        S3Credentials? iam = resource.Iam is { AccessKeyId.Length: > 0 } given ? given : null;
        (string? Url, IReadOnlyList<string> Names)[] asked = resource.Buckets.Count > 0
            ? [.. resource.Buckets.Select(bucket => ((string?)bucket.Url, bucket.Files))]
            : [(resource.Url, resource.Files)];
        var files = new List<RemoteFile>();
        var locations = new List<S3Location>();
        foreach ((string? url, IReadOnlyList<string> names) in asked)
        {
            S3Location location = S3Location.Parse(url, resource.Bucket, iam, mirrors);
            locations.Add(location);
            foreach (string name in names) ResourcePath.Check(name, location.Source);
            IReadOnlyList<RemoteFile> found = location switch
            {
                S3Location.Bucket bucket => await ListBucketAsync(bucket, iam, names, cancellationToken),
                S3Location.PublicPrefix prefix => await new PublicPrefixLister(prefix, http, options).ListAsync(names, cancellationToken),
                _ => throw new InvalidOperationException($"No lister for {location.GetType()}."),
            };
            if (found.Count == 0)
                throw new ResourceException(ResourceFault.NotFound, $"{location.Source}: there are no files. Check the address in the definition.");
            files.AddRange(found);
        }
        string source = string.Join(", ", locations.Select(location => location.Source));
        string address = string.Join(' ', locations.Select(AddressOf));
        string fingerprint = iam is null ? "" : ResourceListing.Fingerprint(iam.AccessKeyId, iam.SecretAccessKey);
        return new ResourceListing(source, $"s3 {address}", fingerprint, files);
    }

    private async Task<IReadOnlyList<RemoteFile>> ListBucketAsync(S3Location.Bucket bucket, S3Credentials? iam, IReadOnlyList<string> names,
        CancellationToken cancellationToken)
    {
        using var lister = new S3BucketLister(bucket, iam, http, options);
        return await lister.ListAsync(names, cancellationToken);
    }

    private static string AddressOf(S3Location location) => location switch
    {
        S3Location.Bucket bucket => $"{bucket.Endpoint?.AbsoluteUri ?? "s3://"}{bucket.Name}/{bucket.Prefix}",
        S3Location.PublicPrefix prefix => RemoteRequest.Show(prefix.Url),
        _ => location.Source,
    };
}
