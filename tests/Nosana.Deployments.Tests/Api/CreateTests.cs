using System.Text.Json;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Tests.Api;

public sealed class CreateTests
{
    // The full example of the network's page on options, as strict JSON.
    private const string Example =
        """
        {
          "name": "Pytorch Jupyter Notebook",
          "market": "CA5pMpqkYFKtme7K31pNB1s62X2SdhEv1nN9RdxKCpuQ",
          "replicas": 1,
          "timeout": 60,
          "strategy": "SCHEDULED",
          "schedule": "0 0 * * *",
          "job_definition": {
            "ops": [
              {
                "id": "Pytorch",
                "args": {
                  "cmd": ["jupyter", "lab", "--ip=0.0.0.0", "--port=8888", "--no-browser", "--allow-root", "--ServerApp.token=''", "--ServerApp.password=''"],
                  "gpu": true,
                  "image": "docker.io/nosana/pytorch-jupyter:2.0.0",
                  "expose": 8888
                },
                "type": "container/run"
              }
            ],
            "meta": { "trigger": "dashboard", "system_requirements": { "required_vram": 4 } },
            "type": "container",
            "version": "0.1"
          }
        }
        """;

    [Theory]
    [InlineData("")]
    [InlineData("/api")]
    public async Task Create_TheNetworksFullExample_IsScheduledForTheNextMidnight(string prefix)
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Time.Advance(TimeSpan.FromHours(9.5));
        Answer made = await api.SendAsync("POST", $"{prefix}/deployments/create", Example);
        Assert.True(made.Status == 200, made.Text);
        Assert.Equal(("DRAFT", "SCHEDULED", "0 0 * * *", "60"), (made["status"], made["strategy"], made["schedule"], made["timeout"]));
        Answer started = await api.SendAsync("POST", $"{prefix}/deployments/{made["id"]}/start");
        Assert.Equal((200, "STARTING"), (started.Status, started["status"]));

        await api.PlanAsync(made["id"]!);

        Answer read = await api.SendAsync("GET", $"{prefix}/deployments/{made["id"]}");
        Assert.Equal(("RUNNING", "2026-01-02T00:00:00.000Z"), (read["status"], read["next_tick"]));
        JsonElement task = (await api.SendAsync("GET", $"{prefix}/deployments/{made["id"]}/tasks")).Json.GetProperty("tasks")[0];
        Assert.Equal(("LIST", "2026-01-02T00:00:00.000Z", 1), (task.GetProperty("task").GetString(), task.GetProperty("due_at").GetString(), task.GetProperty("limit").GetInt32()));
        JsonElement definition = (await api.SendAsync("GET", $"{prefix}/deployments/{made["id"]}/revisions")).Json.GetProperty("revisions")[0].GetProperty("job_definition");
        Assert.Equal(made["id"], definition.GetProperty("deployment_id").GetString());
        Assert.Equal("deployment-manager", definition.GetProperty("meta").GetProperty("trigger").GetString());
        Assert.Equal(4, definition.GetProperty("meta").GetProperty("system_requirements").GetProperty("required_vram").GetInt32());
    }

    [Fact]
    public async Task Create_EveryField_IsKeptAndSaidAgain()
    {
        await using TestApi api = await TestApi.StartAsync();
        using var host = new Solana.Wallet.Account();
        Answer made = await api.SendAsync("POST", "/deployments/create", TestApi.Body(
            ("strategy", "\"INFINITE\""), ("timeout", "90.5"), ("rotation_time", "15"), ("replicas", "3"), ("confidential", "true"), ("startup_timeout", "10"),
            ("requirements", """{"gpu.memory":24,"cuda":true,"name":"RTX"}"""), ("allowed_hosts", $"[\"{host.PublicKey}\"]"), ("denied_hosts", "[]"),
            ("idempotency_key", "\"k\""), ("unknown", "1")));

        Assert.True(made.Status == 200, made.Text);
        Answer read = await api.SendAsync("GET", $"/deployments/{made["id"]}");
        Assert.Equal(
            ("INFINITE", "90.5", "15", "3", "True", "10", "k", "1", "0"),
            (read["strategy"], read["timeout"], read["rotation_time"], read["replicas"], read["confidential"], read["startup_timeout"], read["idempotency_key"],
                read["active_revision"], read["active_jobs"]));
        Assert.Equal(24, read.Json.GetProperty("requirements").GetProperty("gpu.memory").GetInt32());
        Assert.Equal(host.PublicKey.Key, read.Json.GetProperty("allowed_hosts")[0].GetString());
        Assert.Equal(api.Owner.PublicKey.Key, read["owner"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", read["created_at"]);
        string[] urls = [.. read.Json.GetProperty("endpoints").EnumerateArray().Select(one => one.GetProperty("url").GetString()!)];
        Assert.Equal(2, urls.Distinct().Count());
        string hash = JobDefinition.Exposure.ExposeId.DeploymentHash(made["id"]!, made["vault"]!);
        Assert.Equal($"https://{JobDefinition.Exposure.ExposeId.ForDeployment("web", hash)}.node.k8s.prd.nos.ci", urls[0]);
    }

    [Fact]
    public async Task Create_WithAutostart_IsStartingInOneWrite()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(("autostart", "true"));
        Deployment read = (await api.Store.FindAsync(id, TestApi.Stop))!;
        Assert.Equal((DeploymentStatus.Starting, 1, 1L, api.Time.GetUtcNow()), (read.Status, read.Run, read.Version, read.NextAt));
    }

    [Fact]
    public async Task Create_TheSameIdempotencyKeyTwice_Conflicts()
    {
        await using TestApi api = await TestApi.StartAsync();
        string id = await api.CreateAsync(("idempotency_key", "\"k\""));
        Answer again = await api.SendAsync("POST", "/deployments/create", TestApi.Body(("idempotency_key", "\"k\"")));
        Assert.Equal((409, id), (again.Status, again["id"]));
        using var other = new Solana.Wallet.Account();
        Assert.Equal(200, (await api.SendAsync("POST", "/deployments/create", TestApi.Body(("idempotency_key", "\"k\"")), other)).Status);
        Assert.Equal(id, Assert.Single((await api.SendAsync("GET", "/deployments?idempotency_key=k")).Json.GetProperty("deployments").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Create_Vaults_AreSharedNewOrGiven()
    {
        await using TestApi api = await TestApi.StartAsync();
        string one = await VaultOf(await api.CreateAsync()), same = await VaultOf(await api.CreateAsync());
        string fresh = await VaultOf(await api.CreateAsync(("new_vault", "true")));
        Assert.Equal(one, same);
        Assert.NotEqual(one, fresh);
        Assert.Equal(fresh, await VaultOf(await api.CreateAsync(("vault", $"\"{fresh}\""))));
        using var other = new Solana.Wallet.Account();
        Answer stolen = await api.SendAsync("POST", "/deployments/create", TestApi.Body(("vault", $"\"{fresh}\"")), other);
        Assert.Equal((404, "Vault not found."), (stolen.Status, stolen["error"]));

        async Task<string> VaultOf(string id) => (await api.SendAsync("GET", $"/deployments/{id}"))["vault"]!;
    }

    private static TheoryData<string, string, string> Refusals => new()
    {
        { "name", "", "name" }, { "name", "5", "name" }, { "name", "null", "name" }, { "name", "\"a\\u0000b\"", "name" }, { "name", $"\"{new string('x', 257)}\"", "name" },
        { "market", "", "market" }, { "market", "\"\"", "market" }, { "market", "\"nonsense\"", "market" }, { "market", "[]", "market" },
        { "market", $"\"{TestApi.ZeroKey}\"", "market" }, { "market", "\"0OIl0OIl0OIl0OIl0OIl0OIl0OIl0OIl0OIl0OIl0OI\"", "market" },
        { "replicas", "", "replicas" }, { "replicas", "1.5", "replicas" }, { "replicas", "0", "replicas" }, { "replicas", "-1", "replicas" }, { "replicas", "1e9", "replicas" },
        { "replicas", "1e400", "replicas" }, { "replicas", "-1e400", "replicas" }, { "replicas", "\"1\"", "replicas" }, { "replicas", "null", "replicas" }, { "replicas", "true", "replicas" },
        { "timeout", "", "timeout" }, { "timeout", "0", "timeout" }, { "timeout", "-60", "timeout" }, { "timeout", "1e30", "timeout" }, { "timeout", "60.0001", "timeout" }, { "timeout", "{}", "timeout" },
        { "strategy", "", "strategy" }, { "strategy", "\"simple\"", "strategy" }, { "strategy", "1", "strategy" }, { "strategy", "\"SCHEDULED\"", "schedule" },
        { "confidential", "\"yes\"", "confidential" }, { "autostart", "1", "autostart" }, { "vault", "5", "vault" }, { "vault", "null", "vault" }, { "new_vault", "0", "new_vault" },
        { "requirements", "{}", "requirements" }, { "requirements", "[]", "requirements" }, { "requirements", """{"a":null}""", "requirements/a" },
        { "allowed_hosts", "{}", "allowed_hosts" }, { "allowed_hosts", "[\"x\"]", "allowed_hosts/0" }, { "denied_hosts", $"[\"{TestApi.ZeroKey}\"]", "denied_hosts/0" },
        { "ssh_public_keys", "[\"ssh-dss x\"]", "ssh_public_keys/0" }, { "idempotency_key", "\"\"", "idempotency_key" },
        { "job_definition", "", "job_definition" }, { "job_definition", "null", "job_definition" }, { "job_definition", "[]", "job_definition" }, { "job_definition", "{}", "job_definition" },
        { "job_definition", TestApi.Definition.Replace("\"image\":\"nginx\"", "\"image\":5", StringComparison.Ordinal), "job_definition/ops/0/args/image" },
    };

    [Fact]
    public async Task Create_AFieldThatIsWrong_IsRefusedByItsPathAndNothingStored()
    {
        await using TestApi api = await TestApi.StartAsync();
        foreach (ITheoryDataRow row in Refusals)
        {
            object?[] data = row.GetData();
            (string field, string json, string path) = ((string)data[0]!, (string)data[1]!, (string)data[2]!);
            Answer refused = await api.SendAsync("POST", "/deployments/create", TestApi.Body((field, json)));
            Assert.True(refused.Status == 400, $"{field} {json}: {refused.Text}");
            Assert.Equal(("400", "FST_ERR_VALIDATION", "Bad Request"), (refused["statusCode"], refused["code"], refused["error"]));
            Assert.Contains(
                refused.Json.GetProperty("validation").EnumerateArray(), fault => fault.GetProperty("path").GetString()!.StartsWith("/" + path, StringComparison.Ordinal));
            Assert.Contains(path, refused["message"], StringComparison.Ordinal);
        }
        Assert.Equal(0, await api.CountAsync());
        Assert.Empty(await api.Store.VaultsAsync(api.Owner.PublicKey.Key, TestApi.Stop));
    }

    [Theory]
    [InlineData("61 * * * *")]
    [InlineData("* * * *")]
    [InlineData("@daily")]
    [InlineData("0 0 15W * *")]
    [InlineData("0 0 31 2 *")]
    [InlineData("5-1 * * * *")]
    [InlineData("H * * * *")]
    [InlineData("")]
    public async Task Create_AScheduleThatNeverCouldBe_IsRefused(string schedule)
    {
        await using TestApi api = await TestApi.StartAsync();
        Answer refused = await api.SendAsync("POST", "/deployments/create", TestApi.Body(("strategy", "\"SCHEDULED\""), ("schedule", $"\"{schedule}\"")));
        Assert.Equal((400, "/schedule"), (refused.Status, refused.Json.GetProperty("validation")[0].GetProperty("path").GetString()));
        Assert.Equal(0, await api.CountAsync());
    }

    [Theory]
    [InlineData("60", "50")]
    [InlineData("60", "51")]
    [InlineData("60", "-1")]
    [InlineData("60", "0.5")]
    [InlineData("60", "70")]
    public async Task Create_ARotationThatLeavesNoTime_IsRefused(string timeout, string rotation)
    {
        await using TestApi api = await TestApi.StartAsync();
        Answer refused = await api.SendAsync("POST", "/deployments/create", TestApi.Body(("strategy", "\"INFINITE\""), ("timeout", timeout), ("rotation_time", rotation)));
        Assert.Equal((400, "/rotation_time"), (refused.Status, refused.Json.GetProperty("validation")[0].GetProperty("path").GetString()));
        Assert.Equal(0, await api.CountAsync());
    }

    [Fact]
    public async Task Create_InfiniteForLessThanAnHour_IsRefused()
    {
        await using TestApi api = await TestApi.StartAsync();
        Assert.Equal(400, (await api.SendAsync("POST", "/deployments/create", TestApi.Body(("strategy", "\"INFINITE\""), ("timeout", "59")))).Status);
    }

    [Fact]
    public async Task Create_OnAMarketThatTheChainDoesNotHave_IsRefused()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Chain.NoMarkets.Add(TestApi.Market);
        Answer refused = await api.SendAsync("POST", "/deployments/create", TestApi.Body());
        Assert.Equal((400, "/market"), (refused.Status, refused.Json.GetProperty("validation")[0].GetProperty("path").GetString()));
        Assert.Equal(0, await api.CountAsync());
    }

    [Fact]
    public async Task Create_SeveralFaults_AreAllNamedAtOnce()
    {
        await using TestApi api = await TestApi.StartAsync();
        Answer refused = await api.SendAsync("POST", "/deployments/create", "{}");
        Assert.StartsWith("name: Expected string, ", $"{refused["message"]}".Replace("strategy: Expected one of SIMPLE, SIMPLE-EXTEND, SCHEDULED, INFINITE, ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(6, refused.Json.GetProperty("validation").GetArrayLength());
    }

    [Theory]
    [InlineData("{", "application/json", 400)]
    [InlineData("", "application/json", 400)]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", "application/json", 400)]
    [InlineData("{\"name\":\"\\ud800\"}", "application/json", 400)]
    [InlineData("{\"a\":1} // note", "application/json", 400)]
    [InlineData("[]", "application/json", 400)]
    [InlineData("5", "application/json", 400)]
    [InlineData("{}", "text/plain", 415)]
    [InlineData("{}", "", 415)]
    public async Task Create_ABodyThatIsNone_IsRefused(string body, string type, int status)
    {
        await using TestApi api = await TestApi.StartAsync();
        Answer refused = await api.SendAsync("POST", "/deployments/create", body, api.Owner.PublicKey.Key, TestApi.Authorize(api.Owner), type);
        Assert.Equal((status, $"{status}"), (refused.Status, refused["statusCode"]));
    }

    [Fact]
    public async Task Create_ABodyThatIsTooLarge_IsRefusedAndNothingStored()
    {
        await using TestApi api = await TestApi.StartAsync();
        Answer refused = await api.SendAsync("POST", "/deployments/create", TestApi.Body(("x", $"\"{new string('x', 1024 * 1024)}\"")));
        Assert.Equal((413, "FST_ERR_CTP_BODY_TOO_LARGE"), (refused.Status, refused["code"]));
        Assert.Equal(0, await api.CountAsync());
    }

    [Fact]
    public async Task Create_RunsOfTheSame_AreDrafts_UntilStarted()
    {
        await using TestApi api = await TestApi.StartAsync();
        Deployment read = (await api.Store.FindAsync(await api.CreateAsync(), TestApi.Stop))!;
        Assert.Equal((DeploymentStatus.Draft, null, 0), (read.Status, read.NextAt, read.Run));
        StoredEvent told = Assert.Single(await api.Store.EventsAfterAsync(read.Id, 0, 10, TestApi.Stop));
        Assert.Equal(("DEPLOYMENT_CREATED", api.Owner.PublicKey.Key), (told.Type, told.Actor));
    }
}
