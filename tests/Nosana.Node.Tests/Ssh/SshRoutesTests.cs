using System.Text;
using System.Text.Json.Nodes;
using Nosana.JobDefinition.Ssh;
using Nosana.Node.Ssh;
using Nosana.Node.Ssh.Keys;
using Nosana.Node.Tests.Api;
using Nosana.Node.Tests.Support;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;
using Nosana.Testing;

namespace Nosana.Node.Tests.Ssh;

public sealed class SshRoutesTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Authorize_ByTheOwner_GrantsTheKeyAndListsIt()
    {
        await using Bench bench = await Bench.StartAsync();
        Assert.Equal(
            (201, $$"""{"job":"{{bench.Job}}","sshUser":"nosana","authorized":true}"""), Answer(await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Key}} me"}""")));
        Assert.Equal(
            (201, $$"""{"job":"{{bench.Job}}","sshUser":"nosana","authorized":true,"expiresAt":"2026-01-01T01:00:00.000Z"}"""),
            Answer(await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Other(1)}}","expiresAt":"2026-01-01T01:00:00Z"}""")));
        Assert.Equal(
            (200, $$"""{"job":"{{bench.Job}}","sshUser":"nosana","keys":[{"sshPublicKey":"{{Key}} me"},{"sshPublicKey":"{{Other(1)}}","expiresAt":"2026-01-01T01:00:00.000Z"}]}"""),
            Answer(await bench.Api.GetAsync(bench.Keys)));
        bench.Api.Jobs.Clock.Advance(TimeSpan.FromHours(1));
        Assert.DoesNotContain(Other(1), (await bench.Api.GetAsync(bench.Keys)).Body, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("""{}""", "sshPublicKey is empty.")]
    [InlineData("""{"sshPublicKey":5}""", "sshPublicKey is empty.")]
    [InlineData("""{"sshPublicKey":"ssh-ed25519 AAAA"}""", "sshPublicKey has a key that is not of its algorithm, ssh-ed25519.")]
    [InlineData("""{"sshPublicKey":"\ud800"}""", "sshPublicKey is empty.")]
    [InlineData("""[]""", "The body is no JSON object.")]
    [InlineData("""{""", "The body is no JSON object.")]
    public async Task Authorize_WhatIsNoKey_IsABadRequest(string body, string error)
    {
        await using Bench bench = await Bench.StartAsync();
        (int status, string text, _) = await bench.AuthorizeAsync(body);
        Assert.Equal((400, error), (status, (string?)JsonNode.Parse(text)!["error"]));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("2026-01-01T00:00:00Z")] // now
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("2026-02-03")]
    [InlineData("2026-02-03T00:00:00+00:00")]
    [InlineData("2026-02-03T00:00:00.0Z")]
    [InlineData("soon")]
    public async Task Authorize_TimeThatIsNoneToCome_IsABadRequest(string time)
    {
        await using Bench bench = await Bench.StartAsync();
        Assert.Equal(400, (await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Key}}","expiresAt":"{{time}}"}""")).Status);
        Assert.Equal(201, (await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Key}}","expiresAt":"2026-02-03T00:00:00.000Z"}""")).Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Routes_BySomebodyElse_AreRefused()
    {
        await using Bench bench = await Bench.StartAsync();
        using var stranger = new Account();
        string header = ApiBench.Sign(stranger, "Hello Nosana Node!");
        foreach (string? by in (string?[])[header, ""])
        {
            Assert.Equal(401, (await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Key}}"}""", by)).Status);
            Assert.Equal(401, (await bench.Api.GetAsync(bench.Keys, by)).Status);
            Assert.Equal(401, (await bench.Api.AskAsync(HttpMethod.Delete, bench.Keys, by, $$"""{"sshPublicKey":"{{Key}}"}""")).Status);
            Assert.Equal(401, (await bench.Api.AskAsync(HttpMethod.Put, bench.Keys, by, """{"publicKeys":[]}""")).Status);
        }
        Assert.Empty(bench.Api.Get<SshKeys>().Of(bench.Job)!);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Authorize_InTheBoundForm_IsTakenForThisBodyAlone()
    {
        await using Bench bench = await Bench.StartAsync();
        string body = $$"""{"sshPublicKey":"{{Key}}"}""", path = $"/job/{bench.Job}/ssh/authorize";
        string header = bench.Api.Bound("POST", path, body);
        Assert.Equal(401, (await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Other(1)}}"}""", header)).Status);
        (int status, string answer, _) = await bench.AuthorizeAsync(body, header);
        Assert.True(status == 201, answer);
        Assert.Equal(401, (await bench.AuthorizeAsync(body, header)).Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Keys_OfAJobThatDoesNotRunHere_AreNotFound()
    {
        await using ApiBench api = await ApiBench.StartAsync();
        string path = $"/job/{api.JobAddress}/ssh";
        Assert.Equal((404, """{"error":"No active job with SSH access"}"""), Answer(await api.PostAsync(path + "/authorize", body: $$"""{"sshPublicKey":"{{Key}}"}""")));
        Assert.Equal(404, (await api.GetAsync(path + "/keys")).Status);
        Assert.Equal(404, (await api.AskAsync(HttpMethod.Delete, path + "/keys", body: $$"""{"sshPublicKey":"{{Key}}"}""")).Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Authorize_WhereThereIsNoSsh_SaysWhy()
    {
        await using Bench bench = await Bench.StartAsync();
        bench.Api.Get<SshAvailability>().Off = "libssh-4 is too old";
        Assert.Equal(
            (503, """{"error":"SSH provider unavailable: libssh-4 is too old"}"""), Answer(await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Key}}"}""")));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Authorize_TheEleventhKey_IsABadRequest()
    {
        await using Bench bench = await Bench.StartAsync();
        for (int i = 0; i < SshKeySet.MaxKeys; i++) Assert.Equal(201, (await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Other(i)}}"}""")).Status);
        Assert.Equal(201, (await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Other(3)}} again"}""")).Status);
        Assert.Equal((400, """{"error":"This key is one more than the 10 keys of a job."}"""), Answer(await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Other(99)}}"}""")));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Authorize_LinesAtTheirLimits_AreTakenAndNoMore()
    {
        await using Bench bench = await Bench.StartAsync();
        string Line(int number, int length) => Other(number).PadRight(Other(number).Length + 1) + new string('c', length - Other(number).Length - 1);
        Assert.Equal(400, (await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Line(0, SshPublicKey.MaxLineLength + 1)}}"}""")).Status);
        for (int i = 0; i < SshKeySet.MaxCharacters / SshPublicKey.MaxLineLength; i++)
            Assert.Equal(201, (await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Line(i, SshPublicKey.MaxLineLength)}}"}""")).Status);
        Assert.Equal(
            (400, """{"error":"This key goes beyond the 64 KiB that the keys of a job may have."}"""),
            Answer(await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Other(99)}}"}""")));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Authorize_BodyThatIsTooLong_IsABadRequest()
    {
        await using Bench bench = await Bench.StartAsync();
        Assert.Equal(400, (await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Key}}","x":"{{new string('x', 300 << 10)}}"}""")).Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Keys_OfTheDefinition_AreThereAndCanBeRevoked()
    {
        await using Bench bench = await Bench.StartAsync($$""","ssh":{"public_keys":["{{Key}} poster"]}""");
        Assert.Equal([Key], Identities(bench));
        Assert.Equal((200, $$"""{"job":"{{bench.Job}}","sshUser":"nosana","revoked":true}"""), Answer(await bench.Api.AskAsync(HttpMethod.Delete, bench.Keys, body: $$"""{"sshPublicKey":"{{Key}}"}""")));
        Assert.Empty(Identities(bench));
        Assert.Equal(201, (await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Key}}"}""")).Status);
        Assert.Equal([Key], Identities(bench));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Put_Keys_ReplacesThoseThatLast()
    {
        await using Bench bench = await Bench.StartAsync($$""","ssh":{"public_keys":["{{Key}}"]}""");
        await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Other(1)}}"}""");
        await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Other(2)}}","expiresAt":"2026-01-01T01:00:00Z"}""");
        Assert.Equal(200, (await bench.Api.AskAsync(HttpMethod.Put, bench.Keys, body: $$"""{"publicKeys":["{{Other(3)}}"]}""")).Status);
        Assert.Equal([Other(2), Other(3)], Identities(bench).Order(StringComparer.Ordinal));
        Assert.Equal(400, (await bench.Api.AskAsync(HttpMethod.Put, bench.Keys, body: """{"publicKeys":["x"]}""")).Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Grants_AfterARestart_AreThoseOfBefore()
    {
        await using Bench bench = await Bench.StartAsync($$""","ssh":{"public_keys":["{{Key}}"]}""");
        await bench.AuthorizeAsync($$"""{"sshPublicKey":"{{Other(1)}} me","expiresAt":"2026-01-01T01:00:00Z"}""");
        await bench.Api.AskAsync(HttpMethod.Delete, bench.Keys, body: $$"""{"sshPublicKey":"{{Key}}"}""");
        var again = new SshKeys(bench.Api.Jobs.Running, bench.Api.Journal, bench.Api.Jobs.Clock);
        SshGrant grant = Assert.Single(again.Of(bench.Job)!);
        Assert.Equal((Other(1) + " me", DateTimeOffset.Parse("2026-01-01T01:00:00Z", System.Globalization.CultureInfo.InvariantCulture)), (grant.Key.ToString(), grant.ExpiresAt!.Value));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Authorize_BySignedMessage_GrantsUntilItsEnd()
    {
        await using Bench bench = await Bench.StartAsync();
        string text = bench.Message();
        Assert.Equal(
            (201, $$"""{"job":"{{bench.Job}}","sshUser":"nosana-{{bench.Job}}","authorized":true,"expiresAt":"2026-01-01T00:04:00.000Z"}"""),
            Answer(await bench.AuthorizeAsync(bench.Signed(text), "")));
        Assert.Equal([Key], Identities(bench));
    }

    public static TheoryData<string, string> Tampered => new()
    {
        { "job: ", "job: x" }, { "node: ", "node: x" }, { "sshUser: nosana-", "sshUser: root-" }, { "network: localnet", "network: devnet" },
        { "audience: nosana-ssh-gateway", "audience: nosana-web-terminal" }, { "Authorization v1", "Authorization v2" },
        { "00:04:00", "00:06:00" }, { "2026-01-01T00:04", "2025-12-31T23:59" }, { "network: localnet", "network: localnet\nnetwork: localnet" },
        { "network: localnet", "nothing" }, { "network: localnet", "more: 1" }, { "network: localnet\n", "" },
    };

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Tampered))]
    public async Task Authorize_BySignedMessageOfSomethingElse_GrantsNothing(string part, string instead)
    {
        await using Bench bench = await Bench.StartAsync();
        string text = bench.Message();
        Assert.Contains(part, text, StringComparison.Ordinal);
        string other = text.Replace(part, instead, StringComparison.Ordinal);
        Assert.Equal(401, (await bench.AuthorizeAsync(bench.Signed(other), "")).Status); // signed so
        Assert.Equal(401, (await bench.AuthorizeAsync(bench.Signed(text, sent: other), "")).Status); // or changed on the way
        Assert.Empty(Identities(bench));
        Assert.Equal(201, (await bench.AuthorizeAsync(bench.Signed(text), "")).Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Authorize_BySignedMessageOfAStranger_GrantsNothing()
    {
        await using Bench bench = await Bench.StartAsync();
        using var stranger = new Account();
        Assert.Equal(401, (await bench.AuthorizeAsync(bench.Signed(bench.Message(), stranger), "")).Status);
        Assert.Equal(401, (await bench.AuthorizeAsync(bench.Signed(bench.Message()).Replace("\"signature\":\"", "\"signature\":\"A", StringComparison.Ordinal), "")).Status);
        Assert.Empty(Identities(bench));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Authorize_ByTheDeploymentManagersText_GrantsWithoutAnEnd()
    {
        await using Bench bench = await Bench.StartAsync();
        string text = $"Nosana SSH Authorization v1\n\njob: {bench.Job}\nsshUser: nosana-{bench.Job}\nsshPublicKey: {Key} me";
        Assert.Equal(
            (201, $$"""{"job":"{{bench.Job}}","sshUser":"nosana-{{bench.Job}}","authorized":true}"""),
            Answer(await bench.AuthorizeAsync(Authorization(bench.Api.Owner, text), "")));
        using var stranger = new Account();
        Assert.Equal(
            (400, """{"error":"Invalid SSH authorization signature"}"""),
            Answer(await bench.AuthorizeAsync(Authorization(stranger, text), "")));
    }

    private static string Authorization(Account by, string text) => new JsonObject
    {
        ["authorization"] = $"{text}:{Encoders.Base58.EncodeData(by.Sign(Encoding.UTF8.GetBytes(text)))}",
    }.ToJsonString();

    private static (int, string) Answer((int Status, string Body, HttpResponseMessage Response) answer) => (answer.Status, answer.Body);

    private static IEnumerable<string> Identities(Bench bench) => bench.Api.Get<SshKeys>().Of(bench.Job)!.Select(grant => grant.Key.Identity);

    private static string Other(int number)
    {
        byte[] blob = Convert.FromBase64String(Key.Split(' ')[1]);
        blob[^1] = (byte)(100 + number);
        return "ssh-ed25519 " + Convert.ToBase64String(blob);
    }

    /// <summary>A job that runs, and no SSH process.</summary>
    private sealed class Bench(ApiBench api, RunningJob running) : IAsyncDisposable
    {
        public ApiBench Api { get; } = api;

        public string Job => Api.JobAddress;

        public string Keys => $"/job/{Job}/ssh/keys";

        public static async Task<Bench> StartAsync(string more = "")
        {
            ApiBench api = await ApiBench.StartAsync();
            api.Get<SshAvailability>().Off = null;
            return new Bench(api, await RunningJob.StartAsync(api, JobBench.Op("a"), more: more));
        }

        public Task<(int Status, string Body, HttpResponseMessage Response)> AuthorizeAsync(string body, string? header = null) =>
            Api.PostAsync($"/job/{Job}/ssh/authorize", header, body);

        public string Message() =>
            $"Nosana SSH Authorization v1\n\njob: {Job}\nnode: {Api.Host.PublicKey}\nsshUser: nosana-{Job}\nsshPublicKey: {Key} nosana-{Job}\n"
            + "expiresAt: 2026-01-01T00:04:00.000Z\nnetwork: localnet\naudience: nosana-ssh-gateway";

        public string Signed(string text, Account? by = null, string? sent = null) => new JsonObject
        {
            ["message"] = sent ?? text,
            ["signature"] = Convert.ToBase64String((by ?? Api.Owner).Sign(Encoding.UTF8.GetBytes(text))),
        }.ToJsonString();

        public async ValueTask DisposeAsync()
        {
            await running.DisposeAsync();
            await Api.DisposeAsync();
        }
    }
}
