using System.Text;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Ipfs;
using Nosana.LocalNet.Runtime;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>A poster's verbs where things go wrong: killed in the middle, cut off, jobs that end badly, input that is none. No host runs.</summary>
public sealed class PosterTests : IAsyncLifetime
{
    private MarketNetwork _network = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _network = await MarketNetwork.StartAsync();

    public ValueTask DisposeAsync() => _network.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_KilledOrInterruptedAfterSending_TheSameAgainFindsTheJobAndPaysOnce(bool kill)
    {
        ulong before = _network.PosterNos;
        string file = Write("job.json", Definitions.Shell("true"));
        _network.Server.Faults.LoseNextConfirmations(1);
        await using NodeProcess first = StartPost(file);
        NodeProcess.Line told = await first.LineAsync("Listing job ");
        var job = new PublicKey(told.Text.Split(' ')[2]);
        await Eventually.TrueAsync(() => _network.Find(job) is not null, "the job is on the chain");
        if (kill) await first.KillAsync();
        else first.Interrupt();
        Assert.Equal(kill ? 137 : 130, await first.ExitAsync());
        Assert.Empty(first.Output);

        _network.Server.Faults.RevealAll();
        JsonNode again = await AnswerAsync("post", file, "--timeout", "60", "--key", _network.PosterKey);

        Assert.Equal(job.Key, again["job"]!.GetValue<string>());
        Assert.Equal(before - (60 * MarketNetwork.Price), _network.PosterNos);
        Assert.NotEqual(job.Key, (await AnswerAsync("post", file, "--timeout", "60", "--key", _network.PosterKey))["job"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("success", 0, null)]
    [InlineData("failed", 1, "exit code 7")]
    [InlineData("stopped", 3, "its host shut down")]
    public async Task Post_WaitsForAJobThatEnds_TheExitCodeTellsTheEnd(string status, int code, string? reason)
    {
        string result = """{"status":"END","opStates":[{"operationId":"op","status":"END","exitCode":7,"diagnostics":{"reason":{"hostShutDown":true}}}]}"""
            .Replace("END", status, StringComparison.Ordinal);
        await using NodeProcess post = StartPost(Write("job.json", Definitions.Shell("true")), "--wait");
        PublicKey job = await ListedAsync(post);

        Cid cid = _network.Server.Content.Add(Encoding.UTF8.GetBytes(result), DateTimeOffset.UtcNow, "application/json");
        Change(job, account => account with { State = JobState.Done, IpfsResult = cid.Digest, TimeStart = 1, TimeEnd = 2 });

        Assert.Equal(code, await post.ExitAsync());
        JsonNode facts = JsonNode.Parse(post.Output)!;
        Assert.Equal(status, facts["result"]!["status"]!.GetValue<string>());
        if (reason is not null) Assert.Contains(reason, facts["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        // Without --wait the question is answered, whatever the answer.
        Assert.Equal(facts.ToJsonString(), (await AnswerAsync("get", job.Key)).ToJsonString());
    }

    [Fact]
    public async Task Post_WaitsForAJobThatIsGivenBack_SaysSoAndHowToRecover()
    {
        await using NodeProcess post = StartPost(Write("job.json", Definitions.Shell("true")), "--wait");
        PublicKey job = await ListedAsync(post);
        Change(job, account => account with { State = JobState.Stopped });

        Assert.Equal(4, await post.ExitAsync());
        JsonNode facts = JsonNode.Parse(post.Output)!;
        Assert.Equal(("STOPPED", "given back"), (facts["state"]!.GetValue<string>(), facts["end"]!.GetValue<string>()));
        Assert.Contains("was given back", post.Text, StringComparison.Ordinal);
        Assert.Contains($"job recover {job}", post.Text, StringComparison.Ordinal);
        Assert.Equal(4, (await RunAsync("job", "get", job.Key, "--wait")).ExitCode);
    }

    [Theory]
    [InlineData("0", "at least 1")]
    [InlineData("-5", "at least 1")]
    [InlineData("7201", "at most 7200")]
    [InlineData("9223372036854775807", "at most 7200")]
    public async Task Post_ATimeoutThatIsNotOne_IsRefusedBeforeAnythingIsPinned(string timeout, string expected)
    {
        _network.Server.Faults.PinningDown = true; // whoever asks it fails in another way
        string file = Write("job.json", Definitions.Shell("true"));
        (int code, string output, string text) = await RunAsync("job", "post", file, "--key", _network.PosterKey, "--timeout", timeout);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Definition_FromStandardInputTheWebAndIpfs_IsPostedAndValidated()
    {
        string definition = Definitions.Shell("true");
        await using LoopbackSite site = await LoopbackSite.StartAsync(async context =>
        {
            if (context.Request.Path == "/job.json") await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(definition), Token);
            else context.Response.StatusCode = 404;
        });
        string cid = _network.Server.Content.Add(Encoding.UTF8.GetBytes(definition), DateTimeOffset.UtcNow, "application/json").ToString();
        foreach (string place in new[] { "-", $"{site.Address}/job.json", cid })
        {
            (int code, _, string text) = await RunWithAsync(definition, "validate", place);
            Assert.True(code == 0, text);
            (code, string output, text) = await RunWithAsync(definition, "job", "post", place, "--key", _network.PosterKey, "--format", "json");
            Assert.True(code == 0, text);
            Assert.Equal("QUEUED", JsonNode.Parse(output)!["state"]!.GetValue<string>());
            if (place == cid) Assert.Equal(cid, JsonNode.Parse(output)!["definition"]!.GetValue<string>());
        }
    }

    /// <summary>What is wrong with it, and a part of what must be said.</summary>
    public static TheoryData<string[], int, string> BadInput => new()
    {
        { ["run", "."], 2, "is a directory" },
        { ["run", "nowhere.json"], 2, "does not exist" },
        { ["run", "empty.json"], 2, "the document is empty" },
        { ["run", "binary.json"], 2, "not a valid job definition" },
        { ["run", "-"], 2, "the document is empty" },
        { ["run", "http://127.0.0.1:1/job.json"], 2, "cannot be fetched" },
        { ["run", "https://"], 2, "is not a URL" },
        { ["run", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"], 2, "No gateway has" },
        { ["validate", "binary.json", "."], 1, "is a directory" },
        { ["validate", "-"], 1, "the document is empty" },
        { ["job", "post", "binary.json", "--key", "KEY"], 2, "not a valid job definition" },
        { ["job", "post", "job.json", "--key", "KEY", "--market", "nonsense"], 2, "'nonsense' is" },
        { ["job", "post", "job.json", "--key", "KEY", "--market", "ADDRESS"], 1, "does not exist on this network" },
        { ["job", "post", "job.json", "--key", "."], 2, "key file" },
        { ["job", "post", "job.json", "--key", "empty.json"], 2, "key file" },
        { ["job", "post", "job.json", "--key", "KEY", "--state", "job.json"], 2, "--state" },
        { ["job", "get", "nonsense"], 2, "'nonsense' is" },
        { ["job", "get", "ADDRESS"], 1, "does not exist on this network" },
        { ["job", "get", "ADDRESS", "--wait"], 1, "does not exist on this network" },
        { ["job", "get", "MARKET"], 1, "does not exist on this network" },
        { ["job", "end", "ADDRESS", "--key", "KEY"], 1, "does not exist on this network" },
        { ["job", "extend", "ADDRESS", "--key", "KEY", "--seconds", "0"], 2, "1 second or more" },
        { ["job", "extend", "ADDRESS", "--key", "KEY", "--seconds", "60"], 1, "does not exist on this network" },
        { ["job", "delist", "ADDRESS", "--key", "KEY"], 1, "does not exist on this network" },
        { ["job", "recover", "ADDRESS", "--key", "KEY"], 1, "does not exist on this network" },
        { ["job", "list", "--market", "nonsense"], 2, "'nonsense' is" },
        { ["job", "list", "--limit", "0"], 2, "at least 1" },
        { ["market", "get", "nonsense"], 2, "'nonsense' is" },
        { ["market", "get", "ADDRESS"], 1, "does not exist on this network" },
        { ["market", "get", "--key", "."], 2, "key file" },
        { ["balance", "nonsense"], 2, "'nonsense' is" },
        { ["balance", "--key", "binary.json"], 2, "key file" },
        { ["balance", "--key", "nowhere.json"], 2, "nowhere.json" },
    };

    [Theory]
    [MemberData(nameof(BadInput))]
    public async Task Verb_BadInput_ASentenceAndAnExitCode(string[] arguments, int code, string part)
    {
        using var nobody = new Account();
        Write("job.json", Definitions.Shell("true"));
        Write("empty.json", "");
        await File.WriteAllBytesAsync(Path.Combine(_network.Directory, "binary.json"), [0, 1, 2, 0xff, 0xfe, 0x80], Token);
        string[] given =
        [
            .. arguments.Select(word => word switch { "KEY" => _network.PosterKey, "ADDRESS" => nobody.PublicKey.Key, "MARKET" => _network.Market.Key, _ => word }),
        ];

        (int found, _, string text) = await RunAsync(given);

        Assert.Equal((code, true), (found, text.Contains(part, StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
    }

    private NodeProcess StartPost(string file, params string[] options) => NodeProcess.Start(
        _network.Directory,
        ["job", "post", file, "--timeout", "60", "--localnet", _network.InfoFile, "--key", _network.PosterKey, "--format", "json", .. options]);

    private async Task<PublicKey> ListedAsync(NodeProcess post)
    {
        NodeProcess.Line listed = await post.LineAsync(" is listed.");
        return new PublicKey(listed.Text.Split(' ')[1]);
    }

    /// <summary>Does to a job's account what a host's transaction would do.</summary>
    private void Change(PublicKey job, Func<JobAccount, JobAccount> change)
    {
        AccountState account = _network.Server.Bank.GetAccount(job)!;
        byte[] data = change(JobAccount.Decode(account.Data.Span)).Encode();
        Array.Resize(ref data, account.Data.Length);
        _network.Server.Bank.SetAccount(job, account with { Data = data });
    }

    private string Write(string name, string content)
    {
        string file = Path.Combine(_network.Directory, name);
        File.WriteAllText(file, content);
        return file;
    }

    private async Task<JsonNode> AnswerAsync(params string[] arguments)
    {
        (int code, string output, string text) = await RunAsync(["job", .. arguments, "--format", "json"]);
        Assert.True(code == 0, text);
        return JsonNode.Parse(output)!;
    }

    private Task<(int ExitCode, string Output, string Text)> RunAsync(params string[] arguments) => RunWithAsync("", arguments);

    private async Task<(int ExitCode, string Output, string Text)> RunWithAsync(string input, params string[] arguments)
    {
        await using NodeProcess process = NodeProcess.Start(_network.Directory, null, [.. arguments, "--localnet", _network.InfoFile], input);
        int code = await process.ExitAsync();
        return (code, process.Output, process.Text);
    }
}
