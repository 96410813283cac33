using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Ipfs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Market;

/// <summary>Jobs that cannot end well: each ends in a true state whose text says what and where, and the host serves the next one.</summary>
public sealed class BadInputTests(MarketHost host) : IClassFixture<MarketHost>, IAsyncLifetime
{
    private MarketNetwork Network => host.Network;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Whatever it was, the host takes the next job.</summary>
    public async ValueTask DisposeAsync()
    {
        Network.Server.Faults.GatewayDown = Network.Server.Faults.GatewayWrongBytes = false;
        (_, JsonNode result) = await host.CompletedAsync(await Network.PostAsync(Definitions.Shell("echo next")));
        Assert.Equal(["next"], Definitions.LinesOf(Definitions.Op(result)));
    }

    [Fact]
    public async Task Definition_IsNoJson_FailsWithThePlace()
    {
        JsonNode result = await FailedAsync("""{"version": "0.1", "ops": [""", "validation-error");
        Assert.Contains("JSON", Definitions.ErrorsOf(result), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Definition_HasAnUnknownOperation_FailsWithItsPath()
    {
        JsonNode result = await FailedAsync(
            """{"version":"0.1","type":"container","ops":[{"type":"container/teleport","id":"op","args":{"image":"busybox","cmd":"true"}}]}""", "validation-error");
        Assert.Contains("ops[0].type", Definitions.ErrorsOf(result), StringComparison.Ordinal);
        Assert.Contains("container/teleport", Definitions.ErrorsOf(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Definition_OverOneMebibyte_FailsWithTheLimit()
    {
        JsonNode result = await FailedAsync(Definitions.Shell("echo " + new string('x', 1024 * 1024)), "validation-error");
        Assert.Contains("1048576", Definitions.ErrorsOf(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Image_DoesNotExist_FailsWithItsName()
    {
        string image = $"{Environment.GetEnvironmentVariable("NOSANA_TEST_REGISTRY") ?? "127.0.0.1:5000"}/no/such:1";
        JsonNode definition = JsonNode.Parse(Definitions.Shell("true"))!;
        definition["ops"]![0]!["args"]!["image"] = image;
        JsonNode result = await FailedAsync(definition.ToJsonString(), "failed");
        JsonNode error = Assert.Single(Definitions.Op(result)["errors"]!.AsArray())!;
        Assert.Equal("image-pull-error", error["event"]!.GetValue<string>());
        Assert.Contains(image, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_ExitsWithSeven_FailsWithSeven()
    {
        JsonNode result = await FailedAsync(Definitions.Shell("echo before; exit 7"), "failed");
        Assert.Equal(7, Definitions.Op(result)["exitCode"]!.GetValue<int>());
        Assert.Equal("failed", Definitions.Op(result)["status"]!.GetValue<string>());
        Assert.Equal(["before"], Definitions.LinesOf(Definitions.Op(result)));
    }

    [Fact]
    public async Task Command_CannotStart_FailsWithItsName()
    {
        JsonNode result = await FailedAsync(Definitions.Exec("/no/such/program"), "failed");
        Assert.Contains("/no/such/program", Definitions.ErrorsOf(result), StringComparison.Ordinal);
        Assert.NotEqual(0, Definitions.Op(result)["exitCode"]!.GetValue<int>());
    }

    [Fact]
    public async Task Gateway_IsDownToTheDeadline_IsGivenBack()
    {
        Network.Server.Faults.GatewayDown = true;
        await GivenBackAsync(timeout: 5);
    }

    [Fact]
    public async Task Gateway_AnswersOtherBytes_IsGivenBack()
    {
        Network.Server.Faults.GatewayWrongBytes = true;
        await GivenBackAsync(timeout: 60);
    }

    [Fact]
    public async Task Gateway_IsDownForAMoment_IsWaitedFor()
    {
        Network.Server.Faults.GatewayDown = true;
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo after all"));
        await host.UntilAsync(async () => await Network.FindRunAsync(job) is not null, "the host has the run");
        Network.Server.Faults.GatewayDown = false;
        (_, JsonNode result) = await host.CompletedAsync(job);
        Assert.Equal(["after all"], Definitions.LinesOf(Definitions.Op(result)));
    }

    private async Task<JsonNode> FailedAsync(string definition, string status)
    {
        ulong before = Network.HostNos;
        PublicKey job = await Network.PostAsync(definition);
        (JobAccount account, JsonNode result) = await host.CompletedAsync(job);
        Assert.Equal(status, Definitions.StatusOf(result));
        Network.AssertPaidOnce(account, before);
        Assert.Empty(await host.ContainersAsync(job));
        return result;
    }

    private async Task GivenBackAsync(long timeout)
    {
        ulong before = Network.HostNos;
        int from = host.Process.Lines.Count;
        PublicKey job = await Network.PostAsync(Definitions.Shell("echo never"), timeout);
        JobAccount account = await host.SettledAsync(job);
        Assert.Equal((JobState.Stopped, false), (account.State, account.HasResult));
        Assert.Equal(before, Network.HostNos);
        NodeProcess.Line refused = await host.Process.LineAsync("Refused, the run is given back", from);
        Assert.Contains(Cid.FromDigest(account.IpfsJob).ToString(), refused.Text, StringComparison.Ordinal);
    }
}
