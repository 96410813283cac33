using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Deployments.Api;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Deployments.Strategies;
using Nosana.Deployments.Tests.Store;
using Nosana.Deployments.Vaults;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;
using Nosana.Testing;

namespace Nosana.Deployments.Tests.Api;

/// <summary>The API on a Kestrel and a SQLite file of its own, and an owner who asks it.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    public const string Market = "CA5pMpqkYFKtme7K31pNB1s62X2SdhEv1nN9RdxKCpuQ", ZeroKey = "11111111111111111111111111111111";

    /// <summary>A definition with two ports.</summary>
    public const string Definition =
        """{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"web","args":{"image":"nginx","expose":[80,8080]}}]}""";

    private static readonly VaultCipher s_cipher = new(MasterKey.Read("a Key for te5ts, and for nothing e1se"));

    private readonly TestStore _store;
    private readonly DeploymentApi _api;

    private TestApi(TestStore store, DeploymentApiOptions options)
    {
        _store = store;
        Vaults = new VaultKeeper(store.Store, s_cipher);
        _api = new DeploymentApi(options, store.Store, Vaults, Chain, store.Time, NullLoggerFactory.Instance);
    }

    public DeploymentStore Store => _store.Store;

    public VaultKeeper Vaults { get; }

    public FakeChain Chain { get; } = new();

    public ManualTimeProvider Time => _store.Time;

    public HttpClient Http { get; private set; } = null!;

    public Account Owner { get; } = new();

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<TestApi> StartAsync(Func<DeploymentApiOptions, DeploymentApiOptions>? with = null)
    {
        TestStore store = await TestStore.OpenAsync(Database.Sqlite);
        var options = new DeploymentApiOptions { Address = new IPEndPoint(IPAddress.Loopback, 0), RatePerAddress = 0, RatePerOwner = 0 };
        var made = new TestApi(store, with?.Invoke(options) ?? options);
        await made._api.StartAsync(Stop);
        made.Http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = made._api.Address };
        return made;
    }

    /// <summary>What the network's clients write.</summary>
    public static string Authorize(Account by, string message = "NosanaApiAuthentication", DateTimeOffset? at = null)
    {
        string header = $"{message}:{Encoders.Base58.EncodeData(by.Sign(Encoding.UTF8.GetBytes(message)))}";
        return at is { } time ? string.Create(CultureInfo.InvariantCulture, $"{header}:{time.ToUnixTimeMilliseconds()}") : header;
    }

    /// <summary>Asks as the owner, or as another.</summary>
    public Task<Answer> SendAsync(string method, string path, string? body = null, Account? by = null) =>
        SendAsync(method, path, body, (by ?? Owner).PublicKey.Key, Authorize(by ?? Owner));

    public async Task<Answer> SendAsync(string method, string path, string? body, string? user, string? authorization, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path));
        if (user is not null) request.Headers.TryAddWithoutValidation("x-user-id", user);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("authorization", authorization);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (type.Length > 0) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }
        using HttpResponseMessage response = await Http.SendAsync(request, Stop);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop), response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>A body to make a deployment of, with fields set to other JSON; an empty text leaves one out.</summary>
    public static string Body(params (string Field, string Json)[] other)
    {
        var fields = new Dictionary<string, string>
        {
            ["name"] = "\"one\"",
            ["market"] = $"\"{Market}\"",
            ["replicas"] = "1",
            ["timeout"] = "60",
            ["strategy"] = "\"SIMPLE\"",
            ["job_definition"] = Definition,
        };
        foreach ((string field, string json) in other) fields[field] = json;
        return "{" + string.Join(',', fields.Where(field => field.Value.Length > 0).Select(field => $"\"{field.Key}\":{field.Value}")) + "}";
    }

    /// <summary>Makes one.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> CreateAsync(params (string Field, string Json)[] other)
    {
        Answer made = await SendAsync("POST", "/deployments/create", Body(other));
        Assert.True(made.Status == 200, made.Text);
        return made.Json.GetProperty("id").GetString()!;
    }

    /// <summary>Sets what only whoever reconciles sets.</summary>
    public async Task<Deployment> SetAsync(string id, Func<Deployment, Deployment> change, params DeploymentJob[] jobs)
    {
        Deployment before = (await Store.FindAsync(id, Stop))!;
        return (await Store.TrySaveAsync(new DeploymentChange(change(before)) { NewJobs = jobs }, Stop))!;
    }

    /// <summary>One look of whoever reconciles, without the chain.</summary>
    public async Task<Deployment> PlanAsync(string id)
    {
        DeploymentSnapshot snapshot = (await Store.ReadAsync(id, Stop))!;
        Plan plan = Planner.Plan(snapshot.Deployment, snapshot.Jobs, Time.GetUtcNow());
        return (await Store.TrySaveAsync(new DeploymentChange(plan.Deployment with { NextAt = plan.LookAgainAt }), Stop))!;
    }

    public async Task<int> CountAsync() => (await Store.ListAsync(new DeploymentFilter(), new PageRequest(), Stop)).Total;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _api.DisposeAsync();
        await _store.DisposeAsync();
        Owner.Dispose();
    }
}

/// <summary>What came back.</summary>
internal sealed record Answer(int Status, string Text, string? Type)
{
    private JsonElement? _json;

    public JsonElement Json => _json ??= JsonSerializer.Deserialize<JsonElement>(Text);

    public string? this[string field] => Json.TryGetProperty(field, out JsonElement value) ? value.ToString() : null;
}

/// <summary>A chain that says what a test tells it.</summary>
internal sealed class FakeChain : IApiChain
{
    public HashSet<string> NoMarkets { get; } = [];

    public Dictionary<string, JobHolder> Holders { get; } = [];

    public Funds Funds { get; set; } = new Funds(5_000_000, 1_000_000_000);

    public string? Withdrawal { get; set; } = "dHJhbnNhY3Rpb24=";

    public JsonElement? Result { get; set; }

    public bool IsSilent { get; set; }

    public Task<bool> IsMarketAsync(string market, CancellationToken cancellationToken) => Say(!NoMarkets.Contains(market));

    public Task<Prices?> PricesAsync(string market, CancellationToken cancellationToken) => Say<Prices?>(new Prices(115));

    public Task<Funds> FundsAsync(string vault, CancellationToken cancellationToken) => Say(Funds);

    public Task<string?> WithdrawAsync(Account vault, string owner, CancellationToken cancellationToken) => Say(Withdrawal);

    public Task<JobHolder?> HolderAsync(string job, CancellationToken cancellationToken) => Say(Holders.GetValueOrDefault(job));

    public Task<JsonElement?> ResultAsync(string job, CancellationToken cancellationToken) => Say(Result);

    private Task<T> Say<T>(T value) => IsSilent ? throw new ChainSilentException(new HttpRequestException("nobody answers")) : Task.FromResult(value);
}
