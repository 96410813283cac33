using System.Net;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine.Resources;

namespace Nosana.Node.Tests.Engine.Resources;

/// <summary>What needs no server: names, mirrors, addresses, keys.</summary>
public sealed class ResourceRulesTests
{
    private static readonly MirrorMap NoMirrors = new([]);
    private static readonly S3Credentials Iam = new("eu-west-1", "id", "secret");

    [Theory]
    [InlineData("model.bin")]
    [InlineData("a/b/c.json")]
    [InlineData("..a/b..")]
    [InlineData("with space/ü")]
    public void Check_PlainRelativeName_IsItself(string name) => Assert.Equal(name, ResourcePath.Check(name, "s"));

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a/..")]
    [InlineData("./a")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\0b")]
    public void Check_NameThatLeavesTheVolume_IsInvalid(string name) =>
        Assert.Equal(ResourceFault.Invalid, Assert.Throws<ResourceException>(() => ResourcePath.Check(name, "s")).Fault);

    [Fact]
    public void Check_NameThatNoFileSystemTakes_IsInvalid()
    {
        Assert.Throws<ResourceException>(() => ResourcePath.Check(new string('a', 256), "s"));
        Assert.Throws<ResourceException>(() => ResourcePath.Check(string.Join('/', Enumerable.Repeat("directory", 300)), "s"));
    }

    [Fact]
    public void CheckTogether_SamePlaceOrFileAsDirectory_IsInvalid()
    {
        ResourcePath.CheckTogether(["a/b", "a/c", "ab"], "s");
        Assert.Throws<ResourceException>(() => ResourcePath.CheckTogether(["a", "a"], "s"));
        Assert.Throws<ResourceException>(() => ResourcePath.CheckTogether(["a/b/c", "a"], "s"));
    }

    [Theory]
    [InlineData("s3://nos-ai-models-qllsn32u/ollama/llama3.1/8b", "https://models.nosana.io/ollama/llama3.1/8b")]
    [InlineData("s3://nos-ai-models-qllsn32u", "https://models.nosana.io")]
    [InlineData("s3://nos-ai-models-qllsn32u-other/x", "s3://nos-ai-models-qllsn32u-other/x")]
    public void Map_WithoutMirrors_RewritesTheNetworksBucketAlone(string url, string mapped) => Assert.Equal(new MirrorMap.Place(mapped, false), NoMirrors.Map(url));

    [Fact]
    public void Map_Mirrors_LongestPrefixWinsAndIsTrusted()
    {
        var map = new MirrorMap([Mirror.Parse("https://models.nosana.io=http://10.0.0.2/models"), Mirror.Parse("https://models.nosana.io/router=http://10.0.0.3/"), Mirror.Parse("s3://b=https://m/b")]);

        Assert.Equal(new MirrorMap.Place("http://10.0.0.3/nginx", true), map.Map("https://models.nosana.io/router/nginx"));
        Assert.Equal(new MirrorMap.Place("http://10.0.0.2/models/routers", true), map.Map("https://models.nosana.io/routers"));
        Assert.Equal(new MirrorMap.Place("http://10.0.0.2/models/a", true), map.Map("s3://nos-ai-models-qllsn32u/a"));
        Assert.Equal(new MirrorMap.Place("https://m/b/c", true), map.Map("s3://b/c"));
        Assert.False(map.Map("https://models.nosana.io.evil.example/x").Trusted);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("s3://b=")]
    [InlineData("s3://b=ftp://x")]
    [InlineData("=https://x")]
    public void ParseMirror_NoPrefixAndUrl_SaysTheForm(string text) => Assert.Contains("PREFIX=URL", Assert.Throws<FormatException>(() => Mirror.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("s3://Bucket/a/b/", null, null, "us-east-1", "Bucket", "a/b")]
    [InlineData("s3://bucket", null, null, "us-east-1", "bucket", "")]
    [InlineData(null, "bucket", null, "us-east-1", "bucket", "")]
    [InlineData("https://bucket.s3.eu-central-1.amazonaws.com/a", null, null, "eu-central-1", "bucket", "a")]
    [InlineData("https://s3.eu-central-1.amazonaws.com/bucket/a%20b", null, null, "eu-central-1", "bucket", "a b")]
    [InlineData("https://my.bucket.s3.amazonaws.com/", null, null, "us-east-1", "my.bucket", "")]
    public void ParseLocation_Amazon_IsABucket(string? url, string? bucket, string? endpoint, string region, string name, string prefix)
    {
        S3Location.Bucket location = Assert.IsType<S3Location.Bucket>(S3Location.Parse(url, bucket, null, NoMirrors));
        Assert.Equal((endpoint, region, name, prefix), (location.Endpoint?.AbsoluteUri, location.Region, location.Name, location.Prefix));
    }

    [Theory]
    [InlineData("https://minio.example:9000/bucket/a/b", null, "bucket", "a/b")]
    [InlineData("https://minio.example:9000", "bucket", "bucket", "")]
    [InlineData("https://minio.example:9000/bucket/a", "bucket", "bucket", "a")]
    [InlineData("https://minio.example:9000/a", "bucket", "bucket", "a")]
    public void ParseLocation_EndpointWithCredentials_IsPathStyle(string url, string? bucket, string name, string prefix)
    {
        S3Location.Bucket location = Assert.IsType<S3Location.Bucket>(S3Location.Parse(url, bucket, Iam, NoMirrors));
        Assert.Equal(("https://minio.example:9000/", "eu-west-1", name, prefix), (location.Endpoint?.AbsoluteUri, location.Region, location.Name, location.Prefix));
    }

    [Fact]
    public void ParseLocation_PublicUrl_IsAPrefixOfFiles() =>
        Assert.IsType<S3Location.PublicPrefix>(S3Location.Parse("https://models.nosana.io/router/nginx", null, null, NoMirrors));

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("ftp://x/y", null)]
    [InlineData("file:///etc/passwd", null)]
    [InlineData("/etc/passwd", null)]
    [InlineData("https://user:word@host/x", null)]
    [InlineData("s3://one/x", "two")]
    public void ParseLocation_NoAddress_IsInvalidAndShowsNoPassword(string? url, string? bucket)
    {
        ResourceException refused = Assert.Throws<ResourceException>(() => S3Location.Parse(url, bucket, null, NoMirrors));
        Assert.Equal(ResourceFault.Invalid, refused.Fault);
        Assert.DoesNotContain("word", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example/")]
    [InlineData("a b")]
    [InlineData("a@b")]
    public void ParseLocation_RegionThatIsNone_IsInvalid(string region) =>
        Assert.Equal(ResourceFault.Invalid, Assert.Throws<ResourceException>(() => S3Location.Parse("s3://bucket/x", null, Iam with { Region = region }, NoMirrors)).Fault);

    [Fact]
    public void Key_SameContent_DiffersByAddressCredentialsAndFiles()
    {
        RemoteFile file = new() { Path = "a", Size = 1, Version = "v" };
        ResourceListing listing = new("source", "address", "", [file]);
        string key = listing.Key();

        Assert.Equal(key, (listing with { Source = "other words" }).Key());
        string[] others =
        [
            (listing with { Address = "elsewhere" }).Key(),
            (listing with { CredentialsFingerprint = ResourceListing.Fingerprint("id", "secret") }).Key(),
            (listing with { CredentialsFingerprint = ResourceListing.Fingerprint("ids", "ecret") }).Key(),
            (listing with { Files = [file, file with { Path = "b" }] }).Key(),
            (listing with { Files = [file with { Version = "w" }] }).Key(),
            (listing with { Files = [file with { Size = 2 }] }).Key(),
            (listing with { Files = [file with { Version = null }] }).Key(),
            (listing with { Files = [file with { Version = null }] }).Key(),
        ];
        Assert.Equal(others.Length + 1, others.Append(key).Distinct().Count());
    }
}
