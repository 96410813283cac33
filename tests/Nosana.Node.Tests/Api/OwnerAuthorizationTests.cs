using Nosana.Node.Api;
using Nosana.Node.Api.Authorization;
using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Api;

/// <summary>The vectors are those of the official library, made with a frozen clock.</summary>
public sealed class OwnerAuthorizationTests : IDisposable
{
    private const string V1 =
        "Hello Nosana Node!:2H5ZRLK7Rvk9JGdKfPRH3zBCKYmHAFye35cVqG42VveeyPLNNY8rf18wjPHno4ka8StEpJNwvU7JqAfpZGNz7Cr6";
    private const string V4 = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG:"
        + "5kvuRZSE4QZMeHuLrpNjpCkpAmyVxNuH4bqykYp4e2nz7vaGj3KQQz2W3RhrDvB65rc2rtHrzq3NzHco3BVjTZg1:1767225600000";
    private const string V5 = "Hello Nosana Node!:4kLEArzzSnnDmYjrq7RCWU8XKSJr2SSdc4F71KxtrZWpkYyreZkSbMat9mU3aFMkRaRySkVknCotmcLXC64PDRHk:1767225600000";
    private const string V8 = "a:b:TBb6C257QmkzX4wR3Q4xgxKcZ4F8sj6G7GBwHXUrNqmiL5HDhXLSrkn4z7yMzR5NA2pk35KseT87xYn2Bb6ec8p:1767225600000";
    private const long T = 1767225600000;
    private const string Job = "GmaDrppBC7P5ARKV8g3djiwP89vz1jLK23V2GBjuAEGB";

    private readonly Account _a = Account.FromSeed([.. Enumerable.Range(0, 32).Select(value => (byte)value)]);
    private readonly Account _b = Account.FromSeed([.. Enumerable.Repeat((byte)7, 32)]);
    private readonly ManualTimeProvider _clock = new();
    private readonly JournalStore _journal;
    private readonly JobOwners _owners = new(() => throw new InvalidOperationException("The chain was asked."));

    public OwnerAuthorizationTests() => _journal = JournalStore.InMemory(_clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(V1, 10L * 365 * 86400, 300, null)]
    [InlineData(V1 + ":1767225600000", 299.999, 300, null)]
    [InlineData(V1 + ":1767225600000", -86400, 300, null)]
    [InlineData(V1 + ":1767225600000", 300, 300, "Unauthorized Request: Authorization has expired.")]
    [InlineData(V1 + ":1767225600000", 3599.999, 3600, null)]
    [InlineData(V1 + ":1767225600000", 3600, 3600, "Unauthorized Request: Authorization has expired.")]
    [InlineData(V4, 1, 300, null)]
    [InlineData(V5, 0, 300, "Unauthorized Request")]
    [InlineData("Hallo Nosana Node!:2H5ZRLK7Rvk9JGdKfPRH3zBCKYmHAFye35cVqG42VveeyPLNNY8rf18wjPHno4ka8StEpJNwvU7JqAfpZGNz7Cr6", 0, 300, "Unauthorized Request")]
    [InlineData(V1 + ":1767312000000", 86400, 300, null)]
    [InlineData(V8, 0, 300, "Unauthorized Request: bad signature size")]
    [InlineData(null, 0, 300, "Unauthorized Request: Header not found with key authorization.")]
    [InlineData("abc", 0, 300, "Unauthorized Request: Invalid signature.")]
    [InlineData("abc:0OIl", 0, 300, "Unauthorized Request: Non-base58 character")]
    [InlineData("abc:abc", 0, 300, "Unauthorized Request: bad signature size")]
    [InlineData("Bearer " + V1, 0, 300, "Unauthorized Request")]
    // Strict in form: what no official client writes.
    [InlineData(V1 + ":", 0, 300, "Unauthorized Request: Invalid signature.")]
    [InlineData(V1 + ":soon", 0, 300, "Unauthorized Request: Invalid signature.")]
    [InlineData(V1 + ":-1", 0, 300, "Unauthorized Request: Invalid signature.")]
    [InlineData(V1 + ":1767225600000:x", 0, 300, "Unauthorized Request: Invalid signature.")]
    public async Task Check_OfficialVectors_AreWhatTheOfficialLibrarySays(string? header, double after, int timeout, string? refusal)
    {
        _owners.Note(Job, new JobOwner(_a.PublicKey, timeout));
        _clock.Step(DateTimeOffset.FromUnixTimeMilliseconds(T).AddSeconds(after) - _clock.GetUtcNow());
        Authorized found = await Authorization().CheckAsync(header, new OwnerCall(Job, "GET", "/x", Changes: false), Cancel);
        Assert.Equal(refusal, found.IsGranted ? null : found.Text);
        if (!found.IsGranted) Assert.Equal(401, found.Status);
    }

    [Theory]
    [InlineData("abc", "Invalid public key input")]
    [InlineData(Job, "Account does not exist or has no data " + Job)]
    public async Task Check_JobNobodyHad_IsNotAskedOfTheChain(string job, string reason)
    {
        Authorized found = await Authorization().CheckAsync(V1, new OwnerCall(job, "GET", "/x", Changes: false), Cancel);
        Assert.Equal((401, $"Unauthorized Request: {reason}"), (found.Status, found.Text));
    }

    [Fact]
    public async Task Check_AllZeroKey_IsNobodys()
    {
        _owners.Note(Job, new JobOwner(default, 300));
        // With the zero key as R and a scalar of 0 some libraries find every message signed.
        foreach (byte[] signature in new[] { new byte[64], _a.Sign("x"u8) })
        {
            string header = "x:" + Solana.Wallet.Utilities.Encoders.Base58.EncodeData(signature);
            Assert.False((await Authorization().CheckAsync(header, new OwnerCall(Job, "GET", "/x", Changes: false), Cancel)).IsGranted);
        }
    }

    [Fact]
    public async Task Check_HostsOwnKey_IsGoodWhereItMayBeAlone()
    {
        _owners.Note(Job, new JobOwner(_a.PublicKey, 300));
        string header = ApiBench.Sign(_b, "x");
        var call = new OwnerCall(Job, "WS", "/status", Changes: false);
        Assert.Equal(Authorized.WrongKey, await Authorization().CheckAsync(header, call, Cancel));
        Assert.True((await Authorization().CheckAsync(header, call with { TakesHost = true }, Cancel)).IsGranted);
    }

    [Fact]
    public async Task Check_Bound_IsGoodForOneCallOnce()
    {
        _owners.Note(Job, new JobOwner(_a.PublicKey, 300));
        OwnerAuthorization authorization = Authorization();
        var stop = new OwnerCall(Job, "POST", "/stop", Changes: true);
        string header = Bound(_a, stop);
        Assert.Equal("Unauthorized Request: The authorization is for another job, host, call or body.", await RefusalAsync(authorization, header, stop with { Path = "/other" }));
        Assert.Equal("Unauthorized Request: The authorization is for another job, host, call or body.", await RefusalAsync(authorization, header, stop with { Method = "GET" }));
        Assert.Null(await RefusalAsync(authorization, header, stop));
        Assert.Equal("Unauthorized Request: The authorization was used already.", await RefusalAsync(authorization, header, stop));
    }

    [Fact]
    public async Task Check_BoundToLookAtSomething_MayBeUsedAgainForAMinute()
    {
        _owners.Note(Job, new JobOwner(_a.PublicKey, 300));
        OwnerAuthorization authorization = Authorization();
        var look = new OwnerCall(Job, "GET", "/info", Changes: false);
        string header = Bound(_a, look);
        Assert.Null(await RefusalAsync(authorization, header, look));
        Assert.Null(await RefusalAsync(authorization, header, look));
        _clock.Advance(BoundHeader.Window);
        Assert.Equal("Unauthorized Request: Authorization has expired.", await RefusalAsync(authorization, header, look));
    }

    [Fact]
    public async Task Check_BoundByAnotherOrForAnother_IsRefused()
    {
        _owners.Note(Job, new JobOwner(_a.PublicKey, 300));
        OwnerAuthorization authorization = Authorization();
        var look = new OwnerCall(Job, "GET", "/info", Changes: false);
        Assert.Equal("Unauthorized Request", await RefusalAsync(authorization, Bound(_b, look), look));
        Assert.NotNull(await RefusalAsync(authorization, Bound(_a, look, host: _a.PublicKey.Key), look));
        Assert.NotNull(await RefusalAsync(authorization, Bound(_a, look with { Job = _a.PublicKey.Key }), look));
        Assert.NotNull(await RefusalAsync(authorization, Bound(_a, look, at: _clock.GetUtcNow().AddMinutes(2)), look));
        var body = look with { BodyDigest = _ => Task.FromResult(BoundHeader.DigestOf("x"u8)) };
        Assert.NotNull(await RefusalAsync(authorization, Bound(_a, look), body));
    }

    [Fact]
    public async Task Check_BoundOnly_RefusesTheOfficialFormForWhatChangesSomething()
    {
        _owners.Note(Job, new JobOwner(_a.PublicKey, 300));
        OwnerAuthorization authorization = Authorization(boundOnly: true);
        var stop = new OwnerCall(Job, "POST", "/stop", Changes: true);
        Assert.StartsWith("Unauthorized Request: This host takes calls that change something in the bound form alone", await RefusalAsync(authorization, V1, stop));
        Assert.Null(await RefusalAsync(authorization, V1, stop with { Changes = false }));
        Assert.Null(await RefusalAsync(authorization, Bound(_a, stop), stop));
    }

    public void Dispose()
    {
        _journal.Dispose();
        _a.Dispose();
        _b.Dispose();
    }

    private static async Task<string?> RefusalAsync(OwnerAuthorization authorization, string header, OwnerCall call)
    {
        Authorized found = await authorization.CheckAsync(header, call, Cancel);
        return found.IsGranted ? null : found.Text;
    }

    private string Bound(Account by, OwnerCall call, string? host = null, DateTimeOffset? at = null) => ApiBench.Sign(by, BoundHeader.MessageFor(
        host ?? _b.PublicKey.Key, call.Job, at ?? _clock.GetUtcNow(), call.Method, call.Path, BoundHeader.NoBody));

    private OwnerAuthorization Authorization(bool boundOnly = false) =>
        new(_owners, _journal, new HostWallet(_b), new ApiOptions { HostName = "x", BoundOnly = boundOnly }, _clock);
}
