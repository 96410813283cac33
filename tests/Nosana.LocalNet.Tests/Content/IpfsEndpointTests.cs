using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Nosana.Ipfs.UnixFs;
using Nosana.LocalNet.Content;
using Nosana.LocalNet.Tests.Support;

namespace Nosana.LocalNet.Tests.Content;

public sealed class IpfsEndpointTests
{
    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestNetwork.Cancellation));
        return document.RootElement.Clone();
    }

    [Theory]
    [InlineData("{}", "QmbJWAESqCsf4RFCqEY7jecCashj8usXiyDNfKtZCwwzGb")]
    [InlineData("{ \"a\" :  [1, 2.50]\n}", null)]
    public async Task PinJson_Object_IsServedByteForByte(string text, string? cid)
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using HttpResponseMessage pinned = await network.SendAsync(network.PinRequest(IpfsEndpoint.PinJsonPath, Json(text)));

        JsonElement answer = await ReadAsync(pinned);
        Assert.Equal(cid ?? UnixFsNode.CidOf(Encoding.UTF8.GetBytes(text)).ToString(), answer.GetProperty("IpfsHash").GetString());
        Assert.Equal(text.Length, answer.GetProperty("PinSize").GetInt32());
        Assert.Equal(network.Time.GetUtcNow(), answer.GetProperty("Timestamp").GetDateTimeOffset());
        using HttpResponseMessage fetched = await network.GetAsync(new Uri(network.Server.GatewayUri, answer.GetProperty("IpfsHash").GetString()));
        Assert.Equal(text, await fetched.Content.ReadAsStringAsync(TestNetwork.Cancellation));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task PinJson_WithoutToken_Is401(string? token)
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using HttpRequestMessage request = network.PinRequest(IpfsEndpoint.PinJsonPath, Json("{}"), token: null);
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using HttpResponseMessage response = await network.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(0, network.Server.Content.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\":")]
    [InlineData("{} {}")]
    public async Task PinJson_NoJson_Is400(string text)
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using HttpResponseMessage response = await network.SendAsync(network.PinRequest(IpfsEndpoint.PinJsonPath, Json(text)));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task PinFile_Multipart_StoresTheFileField()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        byte[] file = new byte[700_000];
        new Random(7).NextBytes(file);
        using var form = new MultipartFormDataContent { { new StringContent("{}"), "pinataOptions" }, { new ByteArrayContent(file), "file", "result.bin" } };
        using HttpResponseMessage pinned = await network.SendAsync(network.PinRequest(IpfsEndpoint.PinFilePath, form));

        string cid = (await ReadAsync(pinned)).GetProperty("IpfsHash").GetString()!;
        Assert.Equal(UnixFsNode.CidOf(file).ToString(), cid);
        using HttpResponseMessage fetched = await network.GetAsync(new Uri(network.Server.GatewayUri, cid));
        Assert.Equal(file, await fetched.Content.ReadAsByteArrayAsync(TestNetwork.Cancellation));
    }

    [Fact]
    public async Task PinFile_WithoutTheField_Is400()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent("{}"), "other" } };
        using HttpResponseMessage response = await network.SendAsync(network.PinRequest(IpfsEndpoint.PinFilePath, form));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task PinFile_OverTheLimit_Is413()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using var content = new ByteArrayContent(new byte[IpfsEndpoint.MaxBytes + 1]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await network.SendAsync(network.PinRequest(IpfsEndpoint.PinJsonPath, content));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("nonsense", HttpStatusCode.BadRequest)]
    [InlineData("QmNLei78zWmzUdbeRB3CiUfAizWUrbeeZh5K1rhAQKCh51", HttpStatusCode.NotFound)]
    public async Task Gateway_Unknown_IsRefused(string cid, HttpStatusCode status)
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        using HttpResponseMessage response = await network.GetAsync(new Uri(network.Server.GatewayUri, cid));
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Faults_GatewayAndPinning_AreAsAsked()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        string cid = network.Server.Content.Add("{}"u8.ToArray(), network.Time.GetUtcNow()).ToString();
        var uri = new Uri(network.Server.GatewayUri, cid);

        network.Server.Faults.GatewayWrongBytes = true;
        using HttpResponseMessage wrong = await network.GetAsync(uri);
        Assert.NotEqual("{}", await wrong.Content.ReadAsStringAsync(TestNetwork.Cancellation));
        network.Server.Faults.GatewayDown = true;
        using HttpResponseMessage down = await network.GetAsync(uri);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, down.StatusCode);
        network.Server.Faults.PinningDown = true;
        using HttpResponseMessage pinning = await network.SendAsync(network.PinRequest(IpfsEndpoint.PinJsonPath, Json("{}")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, pinning.StatusCode);
    }
}
