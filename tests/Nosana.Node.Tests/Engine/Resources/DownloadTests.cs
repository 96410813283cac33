using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Resources;
using Nosana.Testing;

namespace Nosana.Node.Tests.Engine.Resources;

/// <summary>Downloads from a server on loopback, as files of a public address that the operator has named.</summary>
public sealed class DownloadTests
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(300_000);

    [Fact]
    public async Task Fetch_NamedFiles_AreWhole()
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        (server.Files["/p/a.bin"], server.Files["/p/sub/b c.txt"]) = (Content, "b"u8.ToArray());
        using Fetching fetching = Trusting(server);

        Dictionary<string, byte[]> files = await fetching.FetchAsync(Fetching.S3("https://files.example/p/", "a.bin", "sub/b c.txt"));

        Assert.Equal(["a.bin", "sub/b c.txt"], files.Keys.Order());
        Assert.Equal(Content, files["a.bin"]);
    }

    [Fact]
    public async Task Fetch_LargeFile_ComesInParts()
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        server.Files["/a"] = Content;
        using Fetching fetching = Trusting(server, options => options with { PartBytes = 100_001 });

        Assert.Equal(Content, (await fetching.FetchAsync(Fetching.S3("https://files.example/", "a")))["a"]);
        Assert.Equal(["bytes=0-100000", "bytes=100001-200001", "bytes=200002-299999"], Ranges(server).Order());
    }

    [Fact]
    public async Task Fetch_ConnectionCut_GoesOnWhereItWas()
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        server.Files["/a"] = Content;
        foreach (int _ in Enumerable.Range(0, 5)) server.Cuts.Enqueue(40_000);
        using Fetching fetching = Trusting(server);

        Assert.Equal(Content, (await fetching.FetchAsync(Fetching.S3("https://files.example/", "a")))["a"]);

        // More cuts than tries in a row: each made progress. Nothing that came was asked for again.
        long[] starts = [.. Ranges(server).Select(range => long.Parse(range["bytes=".Length..].Split('-')[0], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(5, starts.Length);
        Assert.Equal(starts.Order(), starts);
        Assert.True(starts[0] > 0);
    }

    [Fact]
    public async Task Fetch_CutForGood_LeavesWhatAnotherGoesOnFrom()
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        server.Files["/a"] = Content;
        using Fetching fetching = Trusting(server);
        ResourceListing listing = await fetching.ListAsync(Fetching.S3("https://files.example/", "a"));
        foreach (int cut in (int[])[50_000, 0, 0]) server.Cuts.Enqueue(cut);

        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() => fetching.DownloadAsync(listing));
        Assert.Equal((ResourceFault.Unavailable, FaultOwner.Registry), (failure.Fault, failure.Owner));
        long present = Directory.EnumerateFiles(fetching.Staging).Sum(file => new FileInfo(file).Length);
        int before = server.Requests.Count;

        Assert.Equal(Content, (await fetching.DownloadAsync(listing))["a"]);
        Assert.True(present > 0);
        Assert.Equal($"GET /a bytes={present}-299999", Assert.Single(server.Requests.Skip(before)));
    }

    [Fact]
    public async Task Fetch_WithoutValidator_BeginsAgainAfterACut()
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        (server.Files["/a"], server.EntityTag) = (Content, null);
        server.Cuts.Enqueue(50_000);
        using Fetching fetching = Trusting(server);

        Assert.Equal(Content, (await fetching.FetchAsync(Fetching.S3("https://files.example/", "a")))["a"]);
        Assert.Empty(Ranges(server));
    }

    [Fact]
    public async Task Fetch_ServerIgnoresRanges_TakesTheWhole()
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        (server.Files["/a"], server.IgnoreRanges) = (Content, true);
        using Fetching fetching = Trusting(server, options => options with { PartBytes = 100_000 });

        Assert.Equal(Content, (await fetching.FetchAsync(Fetching.S3("https://files.example/", "a")))["a"]);
    }

    [Fact]
    public async Task Fetch_MoreThanAnnounced_IsCorrupt()
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        (server.Files["/a"], server.EntityTag) = (Content, null);
        using Fetching fetching = Trusting(server);
        ResourceListing listing = await fetching.ListAsync(Fetching.S3("https://files.example/", "a"));
        // The answer announces nothing, and does not end.
        server.First = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(Content, context.RequestAborted);
            return true;
        };

        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() => fetching.DownloadAsync(listing));

        Assert.Equal(ResourceFault.Corrupt, failure.Fault);
        Assert.Contains("more than the 300000 bytes", failure.Message, StringComparison.Ordinal);
        Assert.True(Directory.EnumerateFiles(fetching.Staging).Sum(file => new FileInfo(file).Length) <= Content.Length);
    }

    [Fact]
    public async Task Fetch_SourceGoesSilent_IsTriedAgainAndGivenUp()
    {
        var clock = new ManualTimeProvider();
        await using RemoteServer server = await RemoteServer.StartAsync();
        server.Files["/a"] = Content;
        using Fetching fetching = Trusting(server, clock: clock);
        ResourceListing listing = await fetching.ListAsync(Fetching.S3("https://files.example/", "a"));
        server.First = async context =>
        {
            context.Response.ContentLength = Content.Length;
            await context.Response.StartAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        };

        Task<Dictionary<string, byte[]>> download = fetching.DownloadAsync(listing);
        await Eventually.EndsAsync(download, clock, fetching.Options.Inactivity);

        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() => download);
        Assert.Equal(ResourceFault.Unavailable, failure.Fault);
        Assert.True(server.Gets >= 1);
    }

    [Fact]
    public async Task Fetch_EndlessFileWithoutSize_EndsAtTheLimit()
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        server.First = async context =>
        {
            if (HttpMethods.IsHead(context.Request.Method)) return true;
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(Content, context.RequestAborted);
            return true;
        };
        using Fetching fetching = Trusting(server, options => options with { MaxBytes = 1_000_000 });
        ResourceListing listing = await fetching.ListAsync(Fetching.S3("https://files.example/", "a"));
        listing = listing with { Files = [.. listing.Files.Select(file => file with { Size = null })] };

        Assert.Equal(ResourceFault.TooLarge, (await Assert.ThrowsAsync<ResourceException>(() => fetching.DownloadAsync(listing))).Fault);
    }

    [Fact]
    public async Task Fetch_ChangedBetweenListingAndDownload_IsCorrupt()
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        server.Files["/a"] = Content;
        using Fetching fetching = Trusting(server);
        ResourceListing listing = await fetching.ListAsync(Fetching.S3("https://files.example/", "a"));
        server.EntityTag = "\"two\"";

        Assert.Equal(ResourceFault.Corrupt, (await Assert.ThrowsAsync<ResourceException>(() => fetching.DownloadAsync(listing))).Fault);
    }

    [Theory]
    [InlineData(404, ResourceFault.NotFound, FaultOwner.Definition)]
    [InlineData(403, ResourceFault.Denied, FaultOwner.Definition)]
    [InlineData(503, ResourceFault.Unavailable, FaultOwner.Registry)]
    internal async Task List_ServerRefuses_SaysWhoseFaultItIs(int status, ResourceFault fault, FaultOwner owner)
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        server.First = context =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(true);
        };
        using Fetching fetching = Trusting(server);

        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(Fetching.S3("https://files.example/x?X-Amz-Signature=word", "a")));

        Assert.Equal((fault, owner), (failure.Fault, failure.Owner));
        Assert.Contains("https://files.example/x", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("word", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_AddressOfThisMachine_IsNotAsked()
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        server.Files["/secret"] = Content;
        using var fetching = new Fetching();

        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(Fetching.S3(server.Url, "secret")));
        await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(Fetching.S3(server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "secret")));

        Assert.Equal(ResourceFault.Invalid, failure.Fault);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task List_RedirectFromMirrorToThisMachine_IsNotFollowed()
    {
        await using RemoteServer mirror = await RemoteServer.StartAsync();
        await using RemoteServer other = await RemoteServer.StartAsync();
        other.Files["/secret"] = Content;
        mirror.First = context =>
        {
            context.Response.Redirect($"{other.Url}/secret");
            return Task.FromResult(true);
        };
        using Fetching fetching = Trusting(mirror);

        Assert.Equal(ResourceFault.Invalid, (await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(Fetching.S3("https://files.example/", "a")))).Fault);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task List_RedirectsWithoutEnd_Fails()
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        server.First = context =>
        {
            context.Response.Redirect("/again");
            return Task.FromResult(true);
        };
        using Fetching fetching = Trusting(server);

        Assert.Equal(ResourceFault.Unavailable, (await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(Fetching.S3("https://files.example/", "a")))).Fault);
    }

    [Theory]
    [InlineData("https://files.example/models/one", "/")]
    [InlineData("https://files.example/bucket/models/one", "/bucket")]
    public async Task List_AddressWithoutNames_ListsTheBucketBehindIt(string url, string bucket)
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        server.First = async context =>
        {
            if (context.Request.Path != bucket || !context.Request.Query.ContainsKey("list-type")) return false;
            bool second = context.Request.Query["continuation-token"] == "more & more";
            Assert.Equal("models/one/", context.Request.Query["prefix"]);
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync($"""
                <?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>{(second ? "false" : "true")}</IsTruncated>
                <NextContinuationToken>more &amp; more</NextContinuationToken>
                <Contents><Key>models/one/</Key><Size>0</Size></Contents>
                <Contents><Key>models/one/{(second ? "b" : "sub/a")}</Key><Size>2</Size><ETag>"e"</ETag></Contents></ListBucketResult>
                """);
            return true;
        };
        using Fetching fetching = Trusting(server);

        ResourceListing listing = await fetching.ListAsync(Fetching.S3(url));

        Assert.Equal(["sub/a", "b"], listing.Files.Select(file => file.Path));
        Assert.All(listing.Files, file => Assert.Equal((2L, "\"e\""), (file.Size, file.EntityTag)));
        Assert.Equal($"{server.Url}{new Uri(url).AbsolutePath}/sub/a", listing.Files[0].Request!().Url.AbsoluteUri);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    public async Task List_KeyThatLeavesTheVolume_IsInvalid(string key)
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        server.First = async context =>
        {
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync($"<ListBucketResult><Contents><Key>p/{key}</Key><Size>2</Size></Contents></ListBucketResult>");
            return true;
        };
        using Fetching fetching = Trusting(server);

        Assert.Equal(ResourceFault.Invalid, (await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(Fetching.S3("https://files.example/p")))).Fault);
    }

    [Fact]
    public async Task List_AddressThatIsNoBucket_IsTheFileItself()
    {
        await using RemoteServer server = await RemoteServer.StartAsync();
        server.Files["/dir/model.bin"] = Content;
        using Fetching fetching = Trusting(server);

        Assert.Equal(Content, (await fetching.FetchAsync(Fetching.S3("https://files.example/dir/model.bin")))["model.bin"]);
    }

    private static Fetching Trusting(RemoteServer server, Func<ResourceOptions, ResourceOptions>? change = null, TimeProvider? clock = null) => new(options =>
    {
        options = options with { Mirrors = [new Mirror("https://files.example", server.Url)] };
        return change?.Invoke(options) ?? options;
    }, clock);

    private static IEnumerable<string> Ranges(RemoteServer server) => server.Requests.Where(request => request.Contains("bytes=", StringComparison.Ordinal)).Select(request => request[request.IndexOf("bytes=", StringComparison.Ordinal)..]);
}
