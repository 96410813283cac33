using Nosana.JobDefinition.Model;

namespace Nosana.Node.Engine.Resources;

/// <summary>An S3 resource in any of its forms: each of its addresses is listed, and all files go into one volume.</summary>
internal sealed class S3ResourceSource(S3Resource resource, ResourceHttp http, MirrorMap mirrors, ResourceOptions options, TimeProvider time) : IResourceSource
{
    public async Task<ResourceListing> ListAsync(CancellationToken cancellationToken)
    {
        // All three may be empty, which means none.
        S3Credentials? iam = resource.Iam is { AccessKeyId.Length: > 0 } given ? given : null;
        (string? Url, IReadOnlyList<string> Names)[] asked = resource.Buckets.Count > 0
            ? [.. resource.Buckets.Select(bucket => ((string?)bucket.Url, bucket.Files))]
            : [(resource.Url, resource.Files)];
        (S3Location Location, IReadOnlyList<string> Names)[] places =
            [.. asked.Select(one => (S3Location.Parse(one.Url, resource.Bucket, iam, mirrors), one.Names))];
        var files = new ListedFiles(places[0].Location.Source, options);
        foreach ((S3Location location, IReadOnlyList<string> names) in places)
        {
            foreach (string name in names) ResourcePath.Check(name, location.Source);
            int before = files.Count;
            await (location switch
            {
                S3Location.Bucket bucket => new S3BucketLister(bucket, iam, http, options, time).ListAsync(names, files, cancellationToken),
                S3Location.PublicPrefix prefix => new PublicPrefixLister(prefix, http, options).ListAsync(names, files, cancellationToken),
                _ => throw new InvalidOperationException($"No lister for {location.GetType()}."),
            });
            if (files.Count == before)
                throw new ResourceException(ResourceFault.NotFound, $"{location.Source}: there are no files. Check the address in the definition.");
        }
        string source = string.Join(", ", places.Select(place => place.Location.Source));
        string address = string.Join(' ', places.Select(place => AddressOf(place.Location)));
        string fingerprint = iam is null ? "" : ResourceListing.Fingerprint(iam.AccessKeyId, iam.SecretAccessKey);
        return new ResourceListing(source, $"s3 {address}", fingerprint, files.All);
    }

    private static string AddressOf(S3Location location) => location switch
    {
        S3Location.Bucket bucket => $"{bucket.Endpoint?.AbsoluteUri ?? "s3://"}{bucket.Name}/{bucket.Prefix}",
        S3Location.PublicPrefix prefix => RemoteRequest.Show(prefix.Url),
        _ => location.Source,
    };
}
