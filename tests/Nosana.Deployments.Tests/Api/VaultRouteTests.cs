using System.Text;
using Nosana.Deployments.Api;
using Nosana.Deployments.Model;
using Nosana.Deployments.Tests.Store;
using Nosana.Deployments.Vaults;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Deployments.Tests.Api;

public sealed class VaultRouteTests
{
    [Fact]
    public async Task Vaults_MadeAndListed_AreTheOwnersAndWithoutKeys()
    {
        await using TestApi api = await TestApi.StartAsync();
        Answer first = await api.SendAsync("POST", "/api/deployments/vaults/create");
        Assert.Equal((200, api.Owner.PublicKey.Key), (first.Status, first["owner"]));
        Assert.Equal(first["vault"], (await api.SendAsync("POST", "/deployments/vaults/create", "{}"))["vault"]);
        Assert.NotEqual(first["vault"], (await api.SendAsync("POST", "/deployments/vaults/create?new=true"))["vault"]);
        Answer listed = await api.SendAsync("GET", "/deployments/vaults");
        Assert.Equal(2, listed.Json.GetArrayLength());
        Assert.Equal(["vault", "owner", "created_at"], listed.Json[0].EnumerateObject().Select(field => field.Name));
        using var other = new Account();
        Assert.Equal(0, (await api.SendAsync("GET", "/deployments/vaults", null, other)).Json.GetArrayLength());
    }

    [Fact]
    public async Task Withdrawal_OfTheOwnersVaultAlone_IsATransactionForHimToSign()
    {
        await using TestApi api = await TestApi.StartAsync();
        string vault = (await api.SendAsync("POST", "/deployments/vaults/create"))["vault"]!;
        Assert.Equal(("5000000", "1000000000"), await Balance());
        Assert.Equal(api.Chain.Withdrawal, (await api.SendAsync("POST", $"/deployments/vaults/{vault}/withdraw", "{}"))["transaction"]);
        api.Chain.Withdrawal = null;
        Answer empty = await api.SendAsync("POST", $"/deployments/vaults/{vault}/withdraw");
        Assert.Equal((409, "Vault has no funds to withdraw."), (empty.Status, empty["error"]));
        using var other = new Account();
        Answer stolen = await api.SendAsync("POST", $"/deployments/vaults/{vault}/withdraw", null, other);
        Assert.Equal((404, "Vault not found."), (stolen.Status, stolen["error"]));
        Assert.Equal(400, (await api.SendAsync("POST", "/deployments/vaults/x/withdraw")).Status);
        await api.Vaults.UseApiKeyAsync(api.Owner.PublicKey.Key, "nos_credit", TestApi.Stop);
        Answer key = await api.SendAsync("POST", $"/deployments/vaults/{api.Owner.PublicKey}/withdraw");
        Assert.Equal((400, "Cannot withdraw from a vault containing a Nosana API key."), (key.Status, key["error"]));

        async Task<(string?, string?)> Balance()
        {
            Answer answer = await api.SendAsync("GET", $"/deployments/vaults/{vault}/balance");
            return (answer["micro_nos"], answer["lamports"]);
        }
    }

    [Fact]
    public async Task Header_IsSignedByTheVault()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(), vault = (await api.SendAsync("GET", $"/deployments/{id}"))["vault"]!;
        string[] plain = (await api.SendAsync("GET", $"/deployments/{id}/header"))["header"]!.Split(':');
        Assert.Equal(("DEPLOYMENT_HEADER", 2), (plain[0], plain.Length));
        Assert.True(IsSigned(plain));
        string[] timed = (await api.SendAsync("GET", $"/deployments/{id}/header?includeTime=true&message=hello"))["header"]!.Split(':');
        Assert.Equal(("hello", "1767225600000"), (timed[0], timed[2]));
        Assert.True(IsSigned(timed));
        foreach (string query in (string[])["message=", "message=a:b", "message=%01", "includeTime=1", $"message={new string('x', 257)}"])
            Assert.Equal(400, (await api.SendAsync("GET", $"/deployments/{id}/header?{query}")).Status);

        bool IsSigned(string[] parts) => Ed25519.Verify(new PublicKey(vault), Encoding.UTF8.GetBytes(parts[0]), Encoders.Base58.DecodeData(parts[1]));
    }

    [Fact]
    public async Task Costs_AreSoFarAnHourAndUntilWhen()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(("strategy", "\"INFINITE\""), ("timeout", "120"));
        await api.SetAsync(id, before => before with { Status = DeploymentStatus.Running, Run = 1 },
            TestStore.Job("job", 1, JobState.Running) with { StartedAt = api.Time.GetUtcNow(), Price = 115, Timeout = TimeSpan.FromHours(2) });
        api.Time.Advance(TimeSpan.FromMinutes(1));
        Answer costs = await api.SendAsync("GET", $"/deployments/{id}/costs");
        Assert.True(costs.Status == 200, costs.Text);
        Assert.Equal(("6900", "414000", "5000000"), (costs["micro_nos"], costs["micro_nos_per_hour"], costs["vault_micro_nos"]));
        Assert.NotNull(costs["funded_until"]);
    }
}

public sealed class HostRouteTests
{
    private static async Task<(TestApi Api, string Job, Account Host)> StartAsync()
    {
        TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(("confidential", "true"));
        using var job = new Account();
        var host = new Account();
        await api.SetAsync(id, before => before with { Status = DeploymentStatus.Running, Run = 1 }, TestStore.Job(job.PublicKey.Key, 1, JobState.Running));
        api.Chain.Holders[job.PublicKey.Key] = new JobHolder(host.PublicKey, IsRunning: true);
        return (api, job.PublicKey.Key, host);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/api")]
    public async Task Host_ThatHasTheJob_GetsItsDefinitionAndBringsItsResult(string prefix)
    {
        (TestApi api, string job, Account host) = await StartAsync();
        await using TestApi _ = api;
        string header = TestApi.Authorize(host, job, api.Time.GetUtcNow());
        Answer definition = await api.SendAsync("GET", $"{prefix}/deployments/jobs/{job}/job-definition", null, null, header);
        Assert.True(definition.Status == 200, definition.Text);
        Assert.Equal("web", definition.Json.GetProperty("ops")[0].GetProperty("id").GetString());
        Answer posted = await api.SendAsync("POST", $"{prefix}/deployments/jobs/{job}/results", """{"status":"running"}""", null, header);
        Assert.Equal((200, "Success"), (posted.Status, posted["message"]));
        string large = $$"""{"status":"success","log":"{{new string('x', 2 * 1024 * 1024)}}"}""";
        Assert.Equal(200, (await api.SendAsync("POST", $"{prefix}/deployments/jobs/{job}/results", large, null, header)).Status);
        Assert.Equal(large, (await api.Store.FindResultAsync(job, TestApi.Stop))!.Body);
    }

    [Fact]
    public async Task Host_AfterTheJobsEnd_BringsNothingAnyMore()
    {
        (TestApi api, string job, Account host) = await StartAsync();
        await using TestApi _ = api;
        DeploymentJob running = (await api.Store.FindJobAsync(job, TestApi.Stop))!;
        Deployment deployment = (await api.Store.FindAsync(running.Deployment, TestApi.Stop))!;
        await api.Store.TrySaveAsync(new Deployments.Store.DeploymentChange(deployment) { ChangedJobs = [running with { State = JobState.Completed }] }, TestApi.Stop);
        Answer late = await api.SendAsync("POST", $"/deployments/jobs/{job}/results", "{}", null, TestApi.Authorize(host, job));
        Assert.Equal((400, "Job has already been completed."), (late.Status, late["error"]));
    }

    [Fact]
    public async Task Host_ThatIsNone_IsRefusedAndNothingStored()
    {
        (TestApi api, string job, Account host) = await StartAsync();
        await using TestApi _ = api;
        using var other = new Account();
        string unknown = other.PublicKey.Key;
        foreach ((string of, string? header, int status, string text) in ((string, string?, int, string)[])
        [
            (job, null, 401, "Unauthorized"),
            (job, "nonsense", 401, "Unauthorized"),
            (job, TestApi.Authorize(other, job), 401, "Unauthorized"),
            (job, TestApi.Authorize(host, "another"), 401, "Unauthorized"),
            (job, TestApi.Authorize(host, job, api.Time.GetUtcNow().AddSeconds(-300)), 401, "Unauthorized"),
            ("x", TestApi.Authorize(host, "x"), 400, "Job missing"),
            (unknown, TestApi.Authorize(host, unknown), 404, "Job Not Found"),
        ])
        {
            foreach ((string method, string path, string? body) in ((string, string, string?)[])[("GET", "job-definition", null), ("POST", "results", "{}")])
            {
                Answer refused = await api.SendAsync(method, $"/deployments/jobs/{of}/{path}", body, null, header);
                Assert.Equal((status, text, "text/plain"), (refused.Status, refused.Text, refused.Type));
            }
        }
        api.Chain.Holders[job] = new JobHolder(host.PublicKey, IsRunning: false);
        Assert.Equal((403, "Job must be running"), await Ask(TestApi.Authorize(host, job)));
        api.Chain.Holders.Clear();
        Assert.Equal((404, "Job Account not found"), await Ask(TestApi.Authorize(host, job)));
        Assert.Null(await api.Store.FindResultAsync(job, TestApi.Stop));

        async Task<(int, string)> Ask(string header)
        {
            Answer refused = await api.SendAsync("POST", $"/deployments/jobs/{job}/results", "{}", null, header);
            return (refused.Status, refused.Text);
        }
    }

    // Nobody has a queued job: the chain writes the zero key, and of that anybody can make a signature.
    [Fact]
    public async Task Host_OfAQueuedJob_IsNotWhoeverSignsWithTheZeroKey()
    {
        (TestApi api, string job, Account _) = await StartAsync();
        await using TestApi disposed = api;
        api.Chain.Holders[job] = new JobHolder(default, IsRunning: true);
        for (byte first = 0; first < 3; first++)
        {
            byte[] forged = [first, .. new byte[63]];
            Answer refused = await api.SendAsync("GET", $"/deployments/jobs/{job}/job-definition", null, null, $"{job}:{Encoders.Base58.EncodeData(forged)}");
            Assert.Equal(401, refused.Status);
        }
    }
}
