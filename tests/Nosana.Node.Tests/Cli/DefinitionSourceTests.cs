using System.Net;
using System.Text;
using Nosana.Ipfs;
using Nosana.Ipfs.UnixFs;
using Nosana.JobDefinition.Documents;
using Nosana.Node.Cli;
using Nosana.Node.Hosting;
using Nosana.Node.Tests.Logs;

namespace Nosana.Node.Tests.Cli;

/// <summary>Where definitions come from, and what is said of what is not one.</summary>
public sealed class DefinitionSourceTests : IDisposable
{
    private const string Json = """{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"a","args":{"image":"busybox","cmd":"true"}}]}""";
    private const string Yaml = "version: '0.1'\ntype: container\nops:\n  - type: container/run\n    id: a\n    args: {image: busybox, cmd: 'true'}\n";

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeWeb _web = new();
    private readonly HttpClient _http;

    public DefinitionSourceTests() => _http = new HttpClient(_web);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("job.json", Json)]
    [InlineData("job.yaml", Yaml)]
    [InlineData("job.YML", Yaml)]
    [InlineData("job", Json)]
    public async Task ReadAsync_AFile_IsReadByItsName(string name, string content)
    {
        string file = Write(name, content);
        DefinitionText text = await ReadAsync(file);
        Assert.Equal(file, text.Name);
        Assert.True(text.Load().IsValid);
    }

    [Theory]
    [InlineData(Json)]
    [InlineData("\uFEFF \n" + Json)]
    [InlineData(Yaml)]
    public async Task ReadAsync_StandardInput_JsonOrYaml(string content)
    {
        DefinitionText text = await ReadAsync("-", content);
        Assert.Equal("standard input", text.Name);
        Assert.True(text.Load().IsValid);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("hello")]
    [InlineData("\0\u0001\u0002")]
    public async Task ReadAsync_NotADefinition_IsAFaultWithItsPlace(string content)
    {
        Assert.False((await ReadAsync("-", content)).Load().IsValid);
        Assert.False((await ReadAsync(Write("job.json", content))).Load().IsValid);
    }

    [Fact]
    public async Task ReadAsync_ADirectoryOrNothing_SaysWhatToName()
    {
        await AssertRefusedAsync(_directory.Path, "is a directory");
        await AssertRefusedAsync(Path.Combine(_directory.Path, "nowhere.json"), "does not exist", "Qm");
        await AssertRefusedAsync("", "does not exist");
        await AssertRefusedAsync("QmTooShort", "does not exist", "46 characters");
    }

    [Fact]
    public async Task ReadAsync_EndlessInput_StopsAtTheLimit()
    {
        await AssertRefusedAsync("/dev/zero", "1048576");
        var source = new DefinitionSource(_http, () => [], () => File.OpenRead("/dev/zero"));
        Assert.Contains("1048576", (await Assert.ThrowsAsync<CommandException>(() => source.ReadAsync("-", Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_ExactlyTheLimit_IsRead() =>
        Assert.Equal(DefinitionLimits.MaxBytes, (await ReadAsync(Write("job.json", Json.PadRight(DefinitionLimits.MaxBytes)))).Content.Length);

    [Theory]
    [InlineData("https://example.org/job.json", "application/json", Json)]
    [InlineData("http://example.org/job", "text/plain", Json)]
    [InlineData("https://example.org/job.yaml?raw=1", "text/plain", Yaml)]
    [InlineData("HTTPS://example.org/job", "application/yaml", Yaml)]
    public async Task ReadAsync_AnAddressOnTheWeb_IsFetched(string address, string type, string content)
    {
        _web.Answer = _ => Content(content, type);
        Assert.True((await ReadAsync(address)).Load().IsValid);
    }

    [Fact]
    public async Task ReadAsync_TheWebHasNone_SaysWhy()
    {
        const string Address = "https://example.org/job.json";
        _web.Answer = _ => new HttpResponseMessage(HttpStatusCode.NotFound);
        await AssertRefusedAsync(Address, Address, "404", "check the address");
        _web.Answer = _ => new HttpResponseMessage(HttpStatusCode.Forbidden);
        await AssertRefusedAsync(Address, "403");
        _web.Answer = _ => Content("<html></html>", "text/html");
        await AssertRefusedAsync(Address, "web page");
        _web.Answer = _ => Content(new string(' ', DefinitionLimits.MaxBytes + 1), "application/json");
        await AssertRefusedAsync(Address, "1048576");
        _web.Answer = _ => throw new HttpRequestException("Name or service not known");
        await AssertRefusedAsync(Address, Address, "Name or service not known");
        await AssertRefusedAsync("https://", "is not a URL");
    }

    [Fact]
    public async Task ReadAsync_ACid_IsFetchedAndVerified()
    {
        Cid cid = UnixFsNode.CidOf(Encoding.UTF8.GetBytes(Json));
        _web.Answer = request => request.RequestUri!.AbsoluteUri == $"https://gateway.example/ipfs/{cid}"
            ? Content(Json, "application/json")
            : new HttpResponseMessage(HttpStatusCode.NotFound);
        DefinitionText text = await ReadAsync(cid.ToString());
        Assert.Equal((cid.ToString(), cid), (text.Name, text.Cid));
        Assert.True(text.Load().IsValid);

        _web.Answer = _ => Content(Yaml, "application/json");
        await AssertRefusedAsync(cid.ToString(), cid.ToString(), "was refused");
        _web.Answer = _ => Content(new string(' ', DefinitionLimits.MaxBytes + 1), "application/json");
        await AssertRefusedAsync(cid.ToString(), "1048576");
    }

    private static HttpResponseMessage Content(string content, string type) =>
        new(HttpStatusCode.OK) { Content = new StringContent(content, Encoding.UTF8, type) };

    private string Write(string name, string content)
    {
        string file = Path.Combine(_directory.Path, name);
        File.WriteAllText(file, content);
        return file;
    }

    private Task<DefinitionText> ReadAsync(string place, string input = "") =>
        new DefinitionSource(_http, () => [new Uri("https://gateway.example/ipfs/")], () => new MemoryStream(Encoding.UTF8.GetBytes(input)))
            .ReadAsync(place, Cancel);

    private async Task AssertRefusedAsync(string place, params string[] parts)
    {
        CommandException refused = await Assert.ThrowsAsync<CommandException>(() => ReadAsync(place));
        Assert.Equal(ExitCodes.Refused, refused.ExitCode);
        Assert.All(parts, part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    private sealed class FakeWeb : HttpMessageHandler
    {
        public Func<HttpRequestMessage, HttpResponseMessage> Answer { get; set; } = _ => new HttpResponseMessage(HttpStatusCode.NotFound);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Answer(request));
    }
}
