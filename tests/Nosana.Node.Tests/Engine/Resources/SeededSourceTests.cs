using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine.Resources;

namespace Nosana.Node.Tests.Engine.Resources;

/// <summary>
/// Sources that answer by a seeded generator: right answers with something wrong about them. Whatever comes, a fetch ends with files or with an error
/// that says what was wrong; anything else is a fault of this program.
/// </summary>
public sealed class SeededSourceTests : IAsyncLifetime
{
    private const int Rounds = 250;

    private static readonly S3Credentials Iam = new("us-east-1", "id", "secret");

    private static readonly string[] Odd =
    [
        "null", "{}", "[]", "\"\"", "-1", "9223372036854775808", "1e999", "\0", "<", "&", "<a>", "]]>", "\\ud800", "../", "//", "\u202e", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;", "true", " ",
    ];

    private static readonly string[] Addresses = ["", "/", "//", "http://", "::::", "/again", "http://127.0.0.1:1/x", "ftp://h/x", "http://[::1", "https://x\u00ad/", "?cursor=1", "%zz"];

    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData("content"u8));

    private RemoteServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RemoteServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("signed")]
    [InlineData("public")]
    [InlineData("hub")]
    [InlineData("registry")]
    public async Task Fetch_AnswersOfASeed_EndsWithFilesOrAnError(string kind)
    {
        int fetched = 0, refused = 0;
        for (int seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            _server.First = context => AnswerAsync(context, kind, random);
            using var fetching = new Fetching(options => options with
            {
                Mirrors = [new Mirror("https://files.example", _server.Url)],
                HuggingFace = new Uri(_server.Url),
                Ollama = new Uri(_server.Url),
                MaxBytes = 1 << 20,
                Inactivity = TimeSpan.FromSeconds(2),
            });
            try
            {
                await fetching.FetchAsync(Of(kind)).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
                fetched++;
            }
            catch (ResourceException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }
        // Both happen, so the generator reaches past the first look.
        Assert.True(fetched > Rounds / 50 && refused > Rounds / 4, $"{fetched} fetched, {refused} refused");
    }

    private static Resource Of(string kind) => kind switch
    {
        "signed" => new S3Resource("/data", "https://files.example/bucket/x", [], null, [], false, Iam),
        "public" => new S3Resource("/data", "https://files.example/bucket/x", [], null, [], false, null),
        "hub" => new HuggingFaceResource("/data", "org/model", null, [], "token"),
        _ => new OllamaResource("/data", "tiny"),
    };

    private static async Task<bool> AnswerAsync(HttpContext context, string kind, Random random)
    {
        // Several requests at once draw from one generator.
        byte[] body;
        int what;
        lock (random)
        {
            bool lists = kind switch
            {
                "hub" => context.Request.Path.StartsWithSegments("/api"),
                "registry" => context.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal),
                _ => context.Request.Query.ContainsKey("list-type"),
            };
            context.Response.StatusCode = random.Next(12) == 0 ? Pick(random, 204, 206, 301, 302, 307, 400, 403, 404, 412, 416, 429, 500, 501, 503) : 200;
            context.Response.ContentType = random.Next(15) == 0 ? "text/html" : lists ? "application/xml" : "application/octet-stream";
            if (random.Next(2) == 0) context.Response.Headers.ETag = Pick(random, "\"e\"", "W/\"e\"", "e", "\"", "W/", "\"\"\"");
            if (random.Next(8) == 0) context.Response.Headers.Location = Pick(random, Addresses[1..]);
            if (random.Next(8) == 0) context.Response.Headers.Link = $"<{Pick(random, Addresses)}>; rel=\"next\"";
            if (random.Next(8) == 0) context.Response.Headers.ContentRange = Pick(random, "bytes 0-0/1", "bytes 5-9/3", "bytes */*", "x");
            if (random.Next(10) == 0) context.Response.Headers["x-amz-bucket-region"] = Pick(random, "eu-west-1", "", "a/b", "us-east-1");
            body = Encoding.UTF8.GetBytes(Spoilt(lists ? Listing(kind, random) : "content", random));
            what = random.Next(20);
        }
        if (context.Response.StatusCode is 204 || HttpMethods.IsHead(context.Request.Method)) return true;
        if (what == 0) context.Response.ContentLength = body.Length + 10;
        await context.Response.Body.WriteAsync(body);
        if (what == 1) context.Features.Get<IHttpResetFeature>()?.Reset(0);
        if (what == 2) context.Abort();
        return true;
    }

    private static string Listing(string kind, Random random) => kind switch
    {
        "hub" => """[{"type":"directory","path":"d","size":0,"oid":"x"},{"type":"file","path":"d/f","size":7,"oid":"abc"},{"type":"file","path":"g","size":7,"lfs":{"oid":"def","size":7}}]""",
        "registry" => $$"""{"config":{"digest":"sha256:{{Digest}}","size":7},"layers":[{"digest":"sha256:{{Digest}}","size":7}]}""",
        _ => string.Create(CultureInfo.InvariantCulture,
            $"<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>{(random.Next(4) == 0 ? "true" : "false")}</IsTruncated><NextContinuationToken>{random.Next(3)}</NextContinuationToken><Contents><Key>{Prefix(random)}a</Key><Size>7</Size><ETag>&quot;e&quot;</ETag></Contents><Contents><Key>{Prefix(random)}d/</Key><Size>0</Size></Contents></ListBucketResult>"),
    };

    private static string Prefix(Random random) => random.Next(10) == 0 ? "" : "x/";

    /// <summary>As it is, or with a piece left out, doubled, cut off, or something odd in it.</summary>
    private static string Spoilt(string text, Random random)
    {
        for (int times = random.Next(4) == 0 ? random.Next(1, 4) : 0; times > 0; times--)
        {
            int at = random.Next(text.Length + 1), length = random.Next(text.Length - at + 1);
            text = random.Next(5) switch
            {
                0 => text.Remove(at, Math.Min(length, 10)),
                1 => text.Insert(at, text.Substring(at, length)),
                2 => text[..at],
                3 => text.Insert(at, new string('a', random.Next(5000))),
                _ => text.Insert(at, Pick(random, Odd)),
            };
        }
        return text;
    }

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];
}
