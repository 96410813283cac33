using System.Globalization;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.LocalNet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>The verbs that need no host, as a person types them: an embedded network, a poster's jobs, a market.</summary>
public sealed class VerbTests : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("nosana-verbs-").FullName;
    private NodeProcess _localnet = null!;
    private LocalNetInfo _info = null!;

    private string InfoFile => Path.Combine(_home, "net.json");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _localnet = NodeProcess.Start(_home, "localnet", "--port", "0", "--info", InfoFile, "--keys", Path.Combine(_home, "keys"), "--price", "0.0001");
        await _localnet.LineAsync("The network is ready");
        _info = LocalNetInfo.Read(InfoFile);
    }

    public async ValueTask DisposeAsync()
    {
        await _localnet.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LocalNet_InterruptedOrTerminated_RemovesItsInfoFile(bool interrupt)
    {
        if (interrupt) _localnet.Interrupt();
        else _localnet.Terminate();
        Assert.Equal(0, await _localnet.ExitAsync());
        Assert.False(File.Exists(InfoFile));
    }

    [Fact]
    public async Task LocalNet_PortIsTaken_SaysSo()
    {
        string port = new Uri(_info.Rpc).Port.ToString(CultureInfo.InvariantCulture);
        (int code, _, string text) = await NodeProcess.RunAsync(_home, "localnet", "--port", port);
        Assert.Equal(2, code);
        Assert.Contains(port, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("99999")]
    [InlineData("65535")]
    [InlineData("-1")]
    public async Task LocalNet_PortThatIsNone_IsRefusedInASentence(string port)
    {
        (int code, _, string text) = await NodeProcess.RunAsync(_home, "localnet", "--port", port);
        Assert.Equal(2, code);
        Assert.StartsWith($"nosana-node: --port '{port}' is not possible: ", text, StringComparison.Ordinal);
        Assert.Single(text.Trim().Split('\n'));
    }

    [Fact]
    public async Task Job_PostedExtendedAndDelisted_GivesTheWholeDepositBack()
    {
        JsonNode before = await AnswerAsync("balance", "--key", _info.Poster.Keypair!);
        string file = Path.Combine(_home, "job.json");
        await File.WriteAllTextAsync(file, Definitions.Shell("true"), Token);
        string job = (await PosterAsync("post", file, "--timeout", "60"))["job"]!.GetValue<string>();

        Assert.Equal("QUEUED", (await AnswerAsync("job", "get", job))["state"]!.GetValue<string>());
        JsonNode market = await AnswerAsync("market", "get");
        Assert.Equal(("JOB_QUEUE", 100UL), (market["queueType"]!.GetValue<string>(), market["jobPrice"]!.GetValue<ulong>()));
        Assert.Equal(job, market["queue"]![0]!.GetValue<string>());
        Assert.Equal(6_000UL, market["vaultMicroNos"]!.GetValue<ulong>());
        Assert.Equal(90, (await PosterAsync("extend", job, "--seconds", "30"))["timeout"]!.GetValue<long>());
        Assert.Equal(9_000UL, (await AnswerAsync("market", "get"))["vaultMicroNos"]!.GetValue<ulong>());

        (int code, string text) = await RefusedAsync("end", job);
        Assert.Equal(1, code);
        Assert.Contains("job delist", text, StringComparison.Ordinal);
        (code, text) = await RefusedAsync("recover", job);
        Assert.Equal(1, code);
        Assert.Contains("QUEUED", text, StringComparison.Ordinal);

        await PosterAsync("delist", job);
        Assert.Equal(before["microNos"]!.GetValue<ulong>(), (await AnswerAsync("balance", "--key", _info.Poster.Keypair!))["microNos"]!.GetValue<ulong>());
        Assert.Equal("EMPTY", (await AnswerAsync("market", "get"))["queueType"]!.GetValue<string>());
        (code, text) = await RefusedAsync("delist", job);
        Assert.Equal(1, code);
        Assert.Contains("does not exist", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_JobsAndMarkets_WhatIsThere()
    {
        string file = Path.Combine(_home, "job.json");
        await File.WriteAllTextAsync(file, Definitions.Shell("true"), Token);
        string job = (await PosterAsync("post", file, "--timeout", "60"))["job"]!.GetValue<string>();

        JsonNode markets = await AnswerAsync("market", "list");
        Assert.Equal((_info.Market, "JOB_QUEUE", 1), (markets[0]!["address"]!.GetValue<string>(), markets[0]!["queueType"]!.GetValue<string>(), markets[0]!["queueLength"]!.GetValue<int>()));
        Assert.Single(markets.AsArray());
        JsonNode mine = await PosterAsync("list", "--state", "queued", "--market", _info.Market, "--project");
        Assert.Equal((job, "QUEUED"), (mine[0]!["job"]!.GetValue<string>(), mine[0]!["state"]!.GetValue<string>()));
        Assert.Empty((await PosterAsync("list", "--project", _info.Host.Address)).AsArray());
        Assert.Empty((await PosterAsync("list", "--state", "running")).AsArray());
        (int code, string text) = await RefusedAsync("list", "--market", "nonsense");
        Assert.Equal(2, code);
        Assert.Contains("nonsense", text, StringComparison.Ordinal);
        JsonNode place = await AnswerAsync("market", "get", "--address", _info.Host.Address);
        Assert.Equal(_info.Host.Address, place["wallet"]!.GetValue<string>());
        Assert.Null(place["place"]);
    }

    [Fact]
    public async Task JobPost_DefinitionIsInvalidOrTooLong_PostsNothing()
    {
        string file = Path.Combine(_home, "job.json");
        await File.WriteAllTextAsync(file, "{}", Token);
        (int code, string text) = await RefusedAsync("post", file);
        Assert.Equal(2, code);
        Assert.Contains(file, text, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, Definitions.Shell("true"), Token);
        (code, text) = await RefusedAsync("post", file, "--timeout", "1000000000000");
        Assert.Equal(2, code);
        Assert.Contains("at most 7200", text, StringComparison.Ordinal);
        Assert.Equal("EMPTY", (await AnswerAsync("market", "get"))["queueType"]!.GetValue<string>());
    }

    [Fact]
    public async Task Address_KeyFile_IsItsAddress()
    {
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, "address", "--key", _info.Host.Keypair!);
        Assert.True(code == 0, text);
        Assert.Equal(_info.Host.Address, output.Trim());
    }

    [Fact]
    public async Task Version_IsANumber()
    {
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, "--version");
        Assert.True(code == 0, text);
        Assert.Matches(@"^\d+\.\d+", output);
    }

    private async Task<JsonNode> AnswerAsync(params string[] arguments)
    {
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, [.. arguments, "--localnet", InfoFile, "--format", "json"]);
        Assert.True(code == 0, text);
        return JsonNode.Parse(output)!;
    }

    private Task<JsonNode> PosterAsync(params string[] arguments) => AnswerAsync(["job", .. arguments, "--key", _info.Poster.Keypair!]);

    private async Task<(int Code, string Text)> RefusedAsync(params string[] arguments)
    {
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, ["job", .. arguments, "--localnet", InfoFile, "--key", _info.Poster.Keypair!, "--format", "json"]);
        Assert.Empty(output);
        return (code, text);
    }
}
