using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Resources;

namespace Nosana.Node.Tests.Engine.Resources;

/// <summary>Sources whose listings have no end, lead in circles or are not what they seem. Each limit is tried once as it is and once out of the way.</summary>
public sealed class HostileListingTests : IAsyncLifetime
{
    private static readonly S3Credentials Iam = new("us-east-1", "id", "secret");

    private RemoteServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RemoteServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public static TheoryData<bool> SignedOrPublic => [true, false];

    [Theory]
    [MemberData(nameof(SignedOrPublic))]
    public async Task List_SignedOrPublic_FindsWhatIsOnAllPages(bool signed)
    {
        Pages(page => Page(page < 3 ? $"t{page + 1}" : null, Object($"k{page}")));
        Assert.Equal(["k1", "k2", "k3"], (await ListAsync(signed)).Files.Select(file => file.Path));
    }

    [Theory]
    [MemberData(nameof(SignedOrPublic))]
    public async Task List_MoreFilesThanTheLimit_IsTooLarge(bool signed)
    {
        Pages(page => Page(page < 4 ? $"t{page + 1}" : null, [.. Enumerable.Range(0, 5).Select(at => Object($"k{page}-{at}"))]));

        ResourceException refused = await RefusedAsync(signed, options => options with { MaxFiles = 19 });
        Assert.Equal((ResourceFault.TooLarge, FaultOwner.Definition), (refused.Fault, refused.Owner));
        Assert.Equal(20, (await ListAsync(signed, options => options with { MaxFiles = 20 })).Files.Count);
    }

    [Theory]
    [MemberData(nameof(SignedOrPublic))]
    public async Task List_LongerNamesThanTheLimit_IsTooLarge(bool signed)
    {
        Pages(_ => Page(null, [.. Enumerable.Range(0, 10).Select(at => Object(new string((char)('a' + at), 100)))]));

        Assert.Equal(ResourceFault.TooLarge, (await RefusedAsync(signed, options => options with { MaxNameCharacters = 1009 })).Fault);
        Assert.Equal(10, (await ListAsync(signed, options => options with { MaxNameCharacters = 1030 })).Files.Count);
    }

    [Theory]
    [MemberData(nameof(SignedOrPublic))]
    public async Task List_EmptyPagesWithoutEnd_EndsAtTheLimit(bool signed)
    {
        Pages(page => Page(page < 2000 ? $"t{page + 1}" : null, page < 2000 ? [] : [Object("k")]));

        Assert.Equal(ResourceFault.TooLarge, (await RefusedAsync(signed)).Fault);
        Assert.Equal(new ResourceOptions { StagingDirectory = "", Labels = new Dictionary<string, string>() }.MaxPages, _server.Gets);
        Assert.Single((await ListAsync(signed, options => options with { MaxPages = 3000 })).Files);
    }

    [Theory]
    [MemberData(nameof(SignedOrPublic))]
    public async Task List_PagesFullOfNothing_EndAtTheLimitOfBytes(bool signed)
    {
        Pages(page => Page(page < 20 ? $"t{page + 1}" : null, new string(' ', 100_000), page < 20 ? "" : Object("k")));

        ResourceException refused = await RefusedAsync(signed, options => options with { MaxListingBytes = 1_500_000 });
        Assert.Equal(ResourceFault.TooLarge, refused.Fault);
        Assert.Equal(15, _server.Gets);
        Assert.Single((await ListAsync(signed)).Files);
    }

    [Theory]
    [MemberData(nameof(SignedOrPublic))]
    public async Task List_TokenThatWasBefore_IsNoSuccess(bool signed)
    {
        Pages(page => Page(page % 2 == 0 ? "a" : "b", Object($"k{page}")));

        ResourceException refused = await RefusedAsync(signed);
        Assert.Equal(ResourceFault.Corrupt, refused.Fault);
        Assert.Contains("leads back to a page", refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, _server.Gets);
    }

    [Theory]
    [MemberData(nameof(SignedOrPublic))]
    public async Task List_MoreAnnouncedAndNoToken_IsNoSuccess(bool signed)
    {
        Pages(_ => "<ListBucketResult><IsTruncated>true</IsTruncated>" + Object("k") + "</ListBucketResult>");
        Assert.Contains("that there is more, and not where", (await RefusedAsync(signed)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SignedOrPublic))]
    public async Task List_LaterPageIsNone_IsNoSuccess(bool signed)
    {
        Pages(page => page == 1 ? Page("t", Object("k")) : "<html/>");
        Assert.Equal(ResourceFault.Corrupt, (await RefusedAsync(signed)).Fault);
    }

    [Theory]
    [MemberData(nameof(SignedOrPublic))]
    public async Task List_PageIsCut_IsNoSuccess(bool signed)
    {
        Pages(_ => "<ListBucketResult>" + Object("k"));
        Assert.Equal(ResourceFault.Corrupt, (await RefusedAsync(signed)).Fault);
    }

    [Theory]
    [InlineData(true, "Key")]
    [InlineData(false, "Key")]
    [InlineData(true, "Other")]
    [InlineData(false, "Other")]
    public async Task List_PageLongerThanTheLimit_IsReadNoFurther(bool signed, string element)
    {
        string page = $"<ListBucketResult><Contents><Key>k</Key><{element}>{new string('a', 100_000)}</{element}></Contents></ListBucketResult>";
        Pages(_ => page.Replace($"<Contents><Key>k</Key><Key>", "<Contents><Key>", StringComparison.Ordinal));

        ResourceException refused = await RefusedAsync(signed, options => options with { AnswerBytes = 100_000 });
        Assert.Contains("longer than 100000 bytes", refused.Message, StringComparison.Ordinal);
        if (element == "Other") Assert.Single((await ListAsync(signed)).Files);
        else Assert.Contains("longer than 2048 bytes", (await RefusedAsync(signed)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 100_000)]
    [InlineData(false, 100_000)]
    [InlineData(true, 12)]
    public async Task List_DeepXml_IsLeftAtTheLimit(bool signed, int depth)
    {
        Pages(_ => new StringBuilder("<ListBucketResult>").Insert(18, "<a>", depth).Insert(18 + (3 * depth), "</a>", depth).Append("</ListBucketResult>").ToString());
        Assert.Contains("elements deep", (await RefusedAsync(signed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_XmlAsDeepAsAListingMayBe_IsRead()
    {
        Pages(_ => $"<ListBucketResult>{Object("k")}<a><a><a><a><a><a><a></a></a></a></a></a></a></a></ListBucketResult>");
        Assert.Single((await ListAsync(signed: true)).Files);
    }

    [Fact]
    public async Task List_ErrorWithoutEnd_IsReadNoFurther()
    {
        _server.First = async context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            byte[] more = new byte[64 << 10];
            await context.Response.WriteAsync("<Error><Code>AccessDenied</Code><Message>");
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(more, context.RequestAborted);
            return true;
        };
        Assert.Contains("longer than 65536 bytes", (await RefusedAsync(signed: true)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<Error><Code>AccessDenied</Code><Message>of the server's own words</Message></Error>", "answers 403 (AccessDenied):")]
    [InlineData("<Error><Code>own words\u0085</Code></Error>", "answers 403:")]
    [InlineData("own words", "answers 403:")]
    public async Task List_Error_IsQuotedByItsCodeAlone(string body, string expected)
    {
        _server.First = async context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync(body);
            return true;
        };
        ResourceException refused = await RefusedAsync(signed: true);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("own words", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_HubThatLeadsInCircles_IsNoSuccess()
    {
        Hub(page => ($"?cursor={page % 2}", """[{"type":"file","path":"f"}]"""));
        Assert.Contains("leads back to a page", (await RefusedByHubAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_HubWithEmptyPagesWithoutEnd_EndsAtTheLimit()
    {
        Hub(page => (page < 2000 ? $"?cursor={page}" : null, page < 2000 ? "[]" : """[{"type":"file","path":"f"}]"""));

        Assert.Equal(ResourceFault.TooLarge, (await RefusedByHubAsync()).Fault);
        using Fetching fetching = OfHub(options => options with { MaxPages = 3000 });
        Assert.Single((await fetching.ListAsync(Repository)).Files);
    }

    [Fact]
    public async Task List_HubWithMoreEntriesThanTheLimit_IsTooLarge()
    {
        Hub(_ => (null, $"[{string.Join(',', Enumerable.Range(0, 60_000).Select(at => $"{{\"type\":\"file\",\"path\":\"{at}\"}}"))}]"));

        Assert.Equal(ResourceFault.TooLarge, (await RefusedByHubAsync()).Fault);
        using Fetching fetching = OfHub(options => options with { MaxFiles = 60_000 });
        Assert.Equal(60_000, (await fetching.ListAsync(Repository)).Files.Count);
    }

    [Theory]
    [InlineData("[null]")]
    [InlineData("""[{"type":"file"}]""")]
    [InlineData("[{\"type\":")]
    [InlineData("{}")]
    public async Task List_HubAnswersOddly_IsCorrupt(string answer)
    {
        Hub(_ => (null, answer));
        Assert.Equal(ResourceFault.Corrupt, (await RefusedByHubAsync()).Fault);
    }

    [Fact]
    public async Task List_ManifestWithNullForALayer_IsCorrupt()
    {
        _server.First = async context =>
        {
            await context.Response.WriteAsync("""{"layers":[null]}""");
            return true;
        };
        using var fetching = new Fetching(options => options with { Ollama = new Uri(_server.Url) });
        Assert.Equal(ResourceFault.Corrupt, (await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(new OllamaResource("/m", "tiny")))).Fault);
    }

    [Fact]
    public void CheckTogether_DeepPaths_AreRefusedByTheirDepth()
    {
        string deep = string.Join('/', Enumerable.Repeat("a", 64));
        Assert.Equal(deep, ResourcePath.Check(deep, "s"));
        Assert.Throws<ResourceException>(() => ResourcePath.Check(deep + "/a", "s"));
    }

    private static HuggingFaceResource Repository { get; } = new("/data", "org/model", null, [], null);

    private static string Object(string key) => $"<Contents><Key>{key}</Key><Size>1</Size><ETag>e</ETag></Contents>";

    private static string Page(string? next, params string[] objects) =>
        $"<ListBucketResult>{(next is null ? "" : $"<IsTruncated>true</IsTruncated><NextContinuationToken>{next}</NextContinuationToken>")}"
            + string.Concat(objects) + "</ListBucketResult>";

    /// <summary>Answers the pages of a bucket, counted from 1 in each listing.</summary>
    private void Pages(Func<int, string> page)
    {
        int count = 0;
        _server.First = async context =>
        {
            if (!context.Request.Query.ContainsKey("list-type")) return false;
            count = context.Request.Query.ContainsKey("continuation-token") ? count + 1 : 1;
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync(page(count));
            return true;
        };
    }

    private void Hub(Func<int, (string? Next, string Answer)> page)
    {
        int count = 0;
        _server.First = async context =>
        {
            count = context.Request.Query.ContainsKey("cursor") ? count + 1 : 1;
            (string? next, string answer) = page(count);
            if (next is not null) context.Response.Headers.Link = string.Create(CultureInfo.InvariantCulture, $"<{next}>; rel=\"next\"");
            await context.Response.WriteAsync(answer);
            return true;
        };
    }

    private Fetching OfHub(Func<ResourceOptions, ResourceOptions>? change = null) => new(options =>
    {
        options = options with { HuggingFace = new Uri(_server.Url) };
        return change?.Invoke(options) ?? options;
    });

    private async Task<ResourceException> RefusedByHubAsync()
    {
        using Fetching fetching = OfHub();
        return await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(Repository));
    }

    private Task<ResourceException> RefusedAsync(bool signed, Func<ResourceOptions, ResourceOptions>? change = null) =>
        Assert.ThrowsAsync<ResourceException>(() => ListAsync(signed, change));

    private async Task<ResourceListing> ListAsync(bool signed, Func<ResourceOptions, ResourceOptions>? change = null)
    {
        using var fetching = new Fetching(options =>
        {
            options = options with { Mirrors = [new Mirror("https://files.example", _server.Url)] };
            return change?.Invoke(options) ?? options;
        });
        return await fetching.ListAsync(signed
            ? new S3Resource("/data", "https://files.example/bucket", [], null, [], false, Iam)
            : new S3Resource("/data", "https://files.example/", [], null, [], false, null));
    }
}
