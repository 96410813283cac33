using System.Text.RegularExpressions;
using Nosana.JobDefinition.Model;

namespace Nosana.Node.Engine.Resources;

/// <summary>What one address of an S3 resource means.</summary>
internal abstract partial record S3Location(string Source, bool Trusted)
{
    private const string DefaultRegion = "us-east-1";

    /// <summary>A bucket behind the S3 API.</summary>
    /// <param name="Source">The address in the words of messages.</param>
    /// <param name="Trusted">The operator named the place.</param>
    /// <param name="Endpoint">Where the API is, addressed in path style; null is Amazon's.</param>
    /// <param name="Region">Region of the signature.</param>
    /// <param name="Name">Bucket.</param>
    /// <param name="Prefix">Without a slash at either end; empty for the whole bucket.</param>
    internal sealed record Bucket(string Source, bool Trusted, Uri? Endpoint, string Region, string Name, string Prefix) : S3Location(Source, Trusted);

    /// <summary>A public address of files.</summary>
    /// <param name="Source">The address in the words of messages.</param>
    /// <param name="Trusted">The operator named the place.</param>
    /// <param name="Url">As it is written.</param>
    internal sealed record PublicPrefix(string Source, bool Trusted, Uri Url) : S3Location(Source, Trusted);

    /// <param name="url">As the definition has it; null when only a bucket is named.</param>
    /// <param name="bucket">The definition's bucket; null when there is none.</param>
    /// <param name="iam">Credentials; null when public.</param>
    /// <param name="mirrors">The operator's map.</param>
    /// <exception cref="ResourceException"><see cref="ResourceFault.Invalid"/>.</exception>
    public static S3Location Parse(string? url, string? bucket, S3Credentials? iam, MirrorMap mirrors)
    {
        string region = iam is { Region.Length: > 0 } ? iam.Region : DefaultRegion;
        if (!IsRegion(region))
            throw new ResourceException(ResourceFault.Invalid, $"'{ResourcePath.Printable(region)}' is not a region. Correct REGION of the resource's IAM.");
        string text = url is { Length: > 0 } ? url : bucket is { Length: > 0 } ? $"s3://{bucket}"
            : throw new ResourceException(ResourceFault.Invalid, "The S3 resource has neither url nor bucket nor buckets. Name the bucket's address in 'url'.");
        string source = SourceOf(text);
        (string mapped, bool trusted) = mirrors.Map(text);
        if (!Uri.TryCreate(mapped, UriKind.Absolute, out Uri? address) || address.UserInfo.Length > 0 || address.Scheme is not ("s3" or "http" or "https")
            || address.Host.Length == 0)
            throw new ResourceException(ResourceFault.Invalid, $"{source}: this is not the address of an S3 resource. "
                + "Write s3://bucket/prefix or https://host/prefix; credentials go into 'IAM'.");
        // Host and path of s3:// are taken from the text: a Uri lowers and escapes, and keys are exact.
        if (address.Scheme == "s3")
        {
            string[] parts = mapped["s3://".Length..].Split('/', 2);
            if (bucket is { Length: > 0 } && url is not null && bucket != parts[0])
                throw new ResourceException(ResourceFault.Invalid, $"{source}: 'url' names the bucket {parts[0]} and 'bucket' the bucket {bucket}. Name one.");
            return new Bucket(source, trusted, null, region, parts[0], parts.Length > 1 ? parts[1].Trim('/') : "");
        }
        string path = Uri.UnescapeDataString(address.AbsolutePath).Trim('/');
        if (AmazonHost().Match(address.Host) is { Success: true } amazon)
        {
            string ownRegion = amazon.Groups["region"] is { Success: true } named ? named.Value : region;
            if (amazon.Groups["bucket"] is { Success: true } host) return new Bucket(source, trusted, null, ownRegion, host.Value, path);
            (string name, string rest) = BucketOf(path, bucket, source);
            return new Bucket(source, trusted, null, ownRegion, name, rest);
        }
        // Without credentials the official host passes no bucket on: the address is a public one.
        if (iam is null && url is { Length: > 0 }) return new PublicPrefix(source, trusted, address);
        (string ofPath, string prefix) = BucketOf(path, bucket, source);
        return new Bucket(source, trusted, new Uri(address.GetLeftPart(UriPartial.Authority)), region, ofPath, prefix);
    }

    /// <summary>Whether a text may be the name of a region; it becomes part of a host's name.</summary>
    public static bool IsRegion(string text) => RegionForm().IsMatch(text);

    private static (string Name, string Prefix) BucketOf(string path, string? bucket, string source)
    {
        string[] parts = path.Split('/', 2);
        if (bucket is not { Length: > 0 })
            return parts[0].Length > 0
                ? (parts[0], parts.Length > 1 ? parts[1] : "")
                : throw new ResourceException(ResourceFault.Invalid, $"{source}: no bucket is named. Write it into 'bucket', "
                    + "or behind the host's name in 'url'.");
        return parts[0] == bucket ? (bucket, parts.Length > 1 ? parts[1] : "") : (bucket, path);
    }

    // Signed addresses carry their secret in the query.
    private static string SourceOf(string text)
    {
        string shown = text.Split('?', '#')[0];
        int scheme = shown.IndexOf("://", StringComparison.Ordinal), at = shown.LastIndexOf('@');
        return scheme >= 0 && at > scheme && !shown[(scheme + 3)..at].Contains('/') ? shown[..(scheme + 3)] + shown[(at + 1)..] : shown;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex RegionForm();

    [GeneratedRegex(@"\A(?:(?<bucket>.+)\.)?s3(?:[.-](?:dualstack\.)?(?<region>[a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AmazonHost();
}
