using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Tests.Api;

public sealed class AuthorizationTests
{
    private const string Vector = "FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF";

    private const string VectorHeader =
        "NosanaApiAuthentication:4SwNiVMVc1x3L9xuTCn9RF9bZHvRfVq1KKEdD4WWudCctBuCqvwQXEraDCNz33v3CU1JsRQkoM2CKcNkxKx5S7H8";

    private static async Task<int> AskAsync(TestApi api, string? user, string? authorization) =>
        (await api.SendAsync("GET", "/deployments", null, user, authorization)).Status;

    [Fact]
    public async Task Signature_OfTheNetworksVector_IsTaken()
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(200, await AskAsync(api, Vector, VectorHeader));
        // Its time is the clock's own.
        Assert.Equal(200, await AskAsync(api, Vector, VectorHeader + ":1767225600000"));
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(299, 200)]
    [InlineData(300, 401)]
    [InlineData(86400, 401)]
    [InlineData(-60, 200)]
    [InlineData(-61, 401)]
    [InlineData(-86400, 401)]
    public async Task Signature_WithATime_HoldsFiveMinutesAndIsNotOfTheFuture(int secondsOld, int status)
    {
        await using TestApi api = await TestApi.StartAsync();
        string header = TestApi.Authorize(api.Owner, at: api.Time.GetUtcNow().AddSeconds(-secondsOld));
        Assert.Equal(status, await AskAsync(api, api.Owner.PublicKey.Key, header));
    }

    [Fact]
    public async Task Signature_WithoutATime_IsRefusedWhereOneIsRequired()
    {
        await using TestApi api = await TestApi.StartAsync(options => options with { RequiresTime = true });
        Assert.Equal(401, await AskAsync(api, api.Owner.PublicKey.Key, TestApi.Authorize(api.Owner)));
        Assert.Equal(200, await AskAsync(api, api.Owner.PublicKey.Key, TestApi.Authorize(api.Owner, at: api.Time.GetUtcNow())));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData(":")]
    [InlineData("::")]
    [InlineData("message:")]
    [InlineData(":signature")]
    [InlineData("message:0OIl")]
    [InlineData("message:signature:1:2")]
    [InlineData("Bearer ")]
    [InlineData("Bearer nos_nobody")]
    [InlineData("Bearer other")]
    public async Task Signature_Malformed_Is401AndNeverAFault(string header)
    {
        await using TestApi api = await TestApi.StartAsync();
        Answer refused = await api.SendAsync("GET", "/deployments", null, api.Owner.PublicKey.Key, header);
        Assert.Equal((401, "Unauthorized", "text/plain"), (refused.Status, refused.Text, refused.Type));
    }

    [Theory]
    [InlineData(":x")]
    [InlineData(":-1")]
    [InlineData(":1e3")]
    [InlineData(":99999999999999999999")]
    [InlineData(":999999999999999")]
    [InlineData(":")]
    [InlineData(": 1767225600000")]
    public async Task Signature_WithATimeThatIsNone_Is401(string time)
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(401, await AskAsync(api, Vector, VectorHeader + time));
    }

    [Fact]
    public async Task Signature_TamperedOrOfAnother_Is401()
    {
        await using TestApi api = await TestApi.StartAsync();
        using var other = new Account();
        Assert.Equal(401, await AskAsync(api, other.PublicKey.Key, TestApi.Authorize(api.Owner)));
        Assert.Equal(401, await AskAsync(api, api.Owner.PublicKey.Key, "x" + TestApi.Authorize(api.Owner)));
        string header = TestApi.Authorize(api.Owner);
        Assert.Equal(401, await AskAsync(api, api.Owner.PublicKey.Key, header[..^1] + (header[^1] == '1' ? '2' : '1')));
    }

    [Fact]
    public async Task Headers_Missing_AreNamed()
    {
        await using TestApi api = await TestApi.StartAsync();
        foreach ((string? user, string? authorization) in ((string?, string?)[])[(null, VectorHeader), (Vector, null), (null, null), ("x", VectorHeader)])
        {
            Answer refused = await api.SendAsync("GET", "/deployments", null, user, authorization);
            Assert.Equal((401, "Unauthorized, missing or invalid headers", "text/plain"), (refused.Status, refused.Text, refused.Type));
        }
    }

    // Points of small order, in base58 of 43 or 44 characters where there is such a form; the zero key has 32.
    [Fact]
    public async Task Key_OfSmallOrder_HasSignedNothing()
    {
        await using TestApi api = await TestApi.StartAsync();
        byte[][] points =
        [
            new byte[32],
            [1, .. new byte[31]],
            Convert.FromHexString("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
            Convert.FromHexString("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
            Convert.FromHexString("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
        ];
        foreach (byte[] point in points)
        {
            // Of a key of small order anybody can make such a signature: the same point, and a scalar of zero.
            byte[] forged = [.. point, .. new byte[32]];
            string header = $"NosanaApiAuthentication:{Solana.Wallet.Utilities.Encoders.Base58.EncodeData(forged)}";
            Assert.Equal(401, await AskAsync(api, new PublicKey(point).Key, header));
        }
    }

    [Fact]
    public async Task Deployment_OfAnother_IsNotFoundByAnyRoute()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        using var other = new Account();
        foreach (string get in (string[])["", "/tasks", "/jobs", "/revisions", "/events", "/header", "/stream", "/ssh-keys", "/costs"])
        {
            Answer refused = await api.SendAsync("GET", $"/deployments/{id}{get}", null, other);
            Assert.Equal((404, "Deployment not found."), (refused.Status, refused["error"]));
        }
        foreach (string post in (string[])["start", "stop", "archive", "duplicate"]) Assert.Equal(404, (await api.SendAsync("POST", $"/deployments/{id}/{post}", null, other)).Status);
        Assert.Equal(404, (await api.SendAsync("DELETE", $"/deployments/{id}", null, other)).Status);
        Assert.Equal(404, (await api.SendAsync("PATCH", $"/deployments/{id}/update-name", """{"name":"x"}""", other)).Status);
        Assert.Equal(404, (await api.SendAsync("POST", $"/deployments/{id}/create-revision", TestApi.Definition, other)).Status);
        Assert.Empty((await api.SendAsync("GET", "/deployments", null, other)).Json.GetProperty("deployments").EnumerateArray());
    }

    [Fact]
    public async Task ApiKey_MadeRotatedAndGivenUp_IsTakenWhileItHolds()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync();
        Answer made = await api.SendAsync("POST", "/api-keys", """{"name":"ci"}""");
        Assert.True(made.Status == 200, made.Text);
        string first = made["key"]!;
        Assert.StartsWith("nos_", first, StringComparison.Ordinal);
        Assert.Equal(200, await StatusOf(first));
        Assert.DoesNotContain(first, (await api.SendAsync("GET", "/api-keys")).Text, StringComparison.Ordinal);

        Answer rotated = await api.SendAsync("POST", $"/api-keys/{made["id"]}/rotate");
        Assert.Equal((200, 200), (await StatusOf(first), await StatusOf(rotated["key"]!)));
        api.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((401, 200), (await StatusOf(first), await StatusOf(rotated["key"]!)));

        using var other = new Account();
        Assert.Equal(404, (await api.SendAsync("DELETE", $"/api-keys/{rotated["id"]}", null, other)).Status);
        Assert.Equal(204, (await api.SendAsync("DELETE", $"/api-keys/{rotated["id"]}")).Status);
        Assert.Equal(401, await StatusOf(rotated["key"]!));

        async Task<int> StatusOf(string key) => (await api.SendAsync("GET", $"/api/deployments/{id}", null, null, $"Bearer {key}")).Status;
    }

    [Fact]
    public async Task Requests_MoreThanAnOwnerMay_Are429WithWhenToAskAgain()
    {
        await using TestApi api = await TestApi.StartAsync(options => options with { RatePerOwner = 1 });
        int[] statuses = [await Ask(), await Ask(), await Ask(), await Ask(), await Ask()];
        Assert.Equal(200, statuses[0]);
        Assert.Contains(429, statuses);

        async Task<int> Ask() => await AskAsync(api, Vector, VectorHeader);
    }
}
