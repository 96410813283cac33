using System.Security.Cryptography;
using System.Text;
using Nosana.Deployments.Store;
using Nosana.Deployments.Tests.Store;
using Nosana.Deployments.Vaults;
using Nosana.Solana.Wallet;
using Org.BouncyCastle.Crypto.Generators;
using static Nosana.Deployments.Tests.Store.TestStore;

namespace Nosana.Deployments.Tests.Vaults;

public sealed class VaultTests
{
    private static readonly VaultCipher s_cipher = new(MasterKey.Read("kNcAeVv1r0PE0gqz5dGm"));

    [Fact]
    public void MasterKey_IsDerivedAsTheNetworkDoes() =>
        Assert.Equal("d2d87a7611d06a16fd0788f0a21a1651e9430f46f80750a8ad5750b9f4db85d4", Convert.ToHexStringLower(MasterKey.Derive("change_me").Bytes));

    // RFC 7914, section 12.
    [Theory]
    [InlineData("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [InlineData("pleaseletmein", "SodiumChloride", 16384, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    public void Scrypt_IsTheStandards(string password, string salt, int cost, int blockSize, int parallelism, string expected) => Assert.Equal(
        expected, Convert.ToHexStringLower(SCrypt.Generate(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), cost, blockSize, parallelism, 64)));

    [Fact]
    public void Cipher_WritesAndReadsTheNetworksForm()
    {
        const string official = "07070707070707070707070707070707:ccb7c4156eeb5a018e0e10289cd64ba3:3dd7da9d37";
        var cipher = new VaultCipher(MasterKey.Derive("change_me"));
        Assert.Equal(official, cipher.Encrypt("1,2,3", [.. Enumerable.Repeat((byte)7, 16)]));
        Assert.Equal("1,2,3", cipher.Decrypt(official));
        Assert.Equal("1,2,3", cipher.Decrypt("v1:" + official));
        string own = cipher.Encrypt("nos_abc");
        Assert.StartsWith("v1:", own, StringComparison.Ordinal);
        Assert.NotEqual(own, cipher.Encrypt("nos_abc"));
        Assert.Equal("nos_abc", cipher.Decrypt(own));
    }

    [Theory]
    [InlineData("v1:07070707070707070707070707070707:ccb7c4156eeb5a018e0e10289cd64ba3:3dd7da9d38")]
    [InlineData("v1:07070707070707070707070707070707:ccb7c4156eeb5a018e0e10289cd64ba4:3dd7da9d37")]
    [InlineData("v1:08070707070707070707070707070707:ccb7c4156eeb5a018e0e10289cd64ba3:3dd7da9d37")]
    [InlineData("v1:0707070707070707070707070707:ccb7c4156eeb5a018e0e10289cd64ba3:3dd7da9d37")]
    [InlineData("v1:07070707070707070707070707070707:ccb7:3dd7da9d37")]
    [InlineData("v1:07070707070707070707070707070707:ccb7c4156eeb5a018e0e10289cd64ba3:3dd7da9d3")]
    [InlineData("v1:07070707070707070707070707070707:ccb7c4156eeb5a018e0e10289cd64ba3:zz")]
    [InlineData("v2:07070707070707070707070707070707:ccb7c4156eeb5a018e0e10289cd64ba3:3dd7da9d37")]
    [InlineData("1,2,3")]
    [InlineData("")]
    public void Cipher_OfAnythingChanged_Refuses(string stored) =>
        Assert.Throws<CryptographicException>(() => new VaultCipher(MasterKey.Derive("change_me")).Decrypt(stored));

    [Theory]
    [InlineData(null, "there is none")]
    [InlineData("   ", "there is none")]
    [InlineData("change_me", "placeholder")]
    [InlineData("CHANGE-ME-CHANGE-ME-CHANGE-ME", "placeholder")]
    [InlineData("please change me to something", "placeholder")]
    [InlineData("your_vault_key_goes_here", "placeholder")]
    [InlineData("<replace this with a key>", "placeholder")]
    [InlineData("1234567890123456", "placeholder")]
    [InlineData("kNcAeVv1r0PE0gq", "15 characters")]
    [InlineData("abababababababababababababab", "again and again")]
    public void MasterKey_ThatAnybodyCouldGuess_IsRefusedWithWhatToDo(string? text, string why)
    {
        FormatException refusal = Assert.Throws<FormatException>(() => MasterKey.Read(text));
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("openssl rand -base64 32", refusal.Message, StringComparison.Ordinal);
        if (text is { Length: > 8 }) Assert.DoesNotContain(text, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MasterKey_MadeByChance_IsTaken() => MasterKey.Read(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    [Theory, Both]
    public async Task GetOrCreateAsync_ByTwoProcessesAtOnce_IsOneVaultThatSigns(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        VaultKeeper[] keepers = [new(test.Store, s_cipher), new(new DeploymentStore(test.OpenAnother(), test.Time), s_cipher)];
        VaultRecord[] made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => keepers[i % 2].GetOrCreateAsync("owner", Stop), Stop)));
        string vault = Assert.Single(made.Select(one => one.Vault).Distinct());
        using Account account = (await keepers[1].OpenAsync(vault, Stop))!;

        Assert.Equal(vault, account.PublicKey.Key);
        Assert.NotEqual(vault, (await keepers[0].GetOrCreateAsync("another", Stop)).Vault);
        Assert.Null(await keepers[0].OpenAsync("nowhere", Stop));
        Assert.Null(await keepers[0].OpenApiKeyAsync(vault, Stop));
    }

    [Theory, Both]
    public async Task CreateAsync_MakesAnother_AndTheOldestStaysTheOwners(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        var keeper = new VaultKeeper(test.Store, s_cipher);
        VaultRecord first = await keeper.CreateAsync("owner", Stop);
        test.Time.Advance(TimeSpan.FromSeconds(1));
        VaultRecord second = await keeper.CreateAsync("owner", Stop);
        Assert.Equal(first.Vault, (await keeper.GetOrCreateAsync("owner", Stop)).Vault);
        Assert.Equal([first.Vault, second.Vault], (await keeper.ListAsync("owner", Stop)).Select(vault => vault.Vault));
    }

    [Theory, Both]
    public async Task UseApiKeyAsync_OfARotatedKey_TakesItsPlace(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        var keeper = new VaultKeeper(test.Store, s_cipher);
        await keeper.UseApiKeyAsync("owner", "nos_first", Stop);
        VaultRecord second = await keeper.UseApiKeyAsync("owner", "nos_second", Stop);
        Assert.Equal("nos_second", await keeper.OpenApiKeyAsync("owner", Stop));
        Assert.Equal(second, await keeper.UseApiKeyAsync("owner", "nos_second", Stop));
        Assert.True(Assert.Single(await keeper.ListAsync("owner", Stop)).IsApiKey);
        Assert.Null(await keeper.OpenAsync("owner", Stop));
        // It is no key pair: the owner who asks for one gets one.
        Assert.NotEqual("owner", (await keeper.GetOrCreateAsync("owner", Stop)).Vault);
        await Assert.ThrowsAsync<FormatException>(() => keeper.UseApiKeyAsync("owner", "another", Stop));
    }

    [Theory, Both]
    public async Task OpenAsync_OfAnothersKey_OrWithAnotherMasterKey_Refuses(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        var keeper = new VaultKeeper(test.Store, s_cipher);
        VaultRecord mine = await keeper.GetOrCreateAsync("owner", Stop), others = await keeper.GetOrCreateAsync("another", Stop);
        await keeper.CheckAsync(Stop);
        var wrong = new VaultKeeper(test.Store, new VaultCipher(MasterKey.Derive("another text")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.Store.SaveVaultAsync(mine with { Owner = "another" }, Stop));
        Assert.Contains("master key", (await Assert.ThrowsAsync<CryptographicException>(() => wrong.CheckAsync(Stop))).Message, StringComparison.Ordinal);
        // Whoever may write to the database gives one vault the key of another.
        await test.Store.SaveVaultAsync(mine with { Key = others.Key }, Stop);
        await Assert.ThrowsAsync<CryptographicException>(() => keeper.OpenAsync(mine.Vault, Stop));
    }

    [Theory, Both]
    public async Task OpenAsync_OfAVaultThatTheNetworksManagerWrote_IsItsKeyPair(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        const string vault = "FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF";
        string key = s_cipher.Encrypt(string.Join(',', Enumerable.Range(0, 32)), RandomNumberGenerator.GetBytes(16));
        await test.Store.SaveVaultAsync(new VaultRecord { Vault = vault, Owner = "owner", Key = key }, Stop);
        using Account account = (await new VaultKeeper(test.Store, s_cipher).OpenAsync(vault, Stop))!;
        Assert.Equal(vault, account.PublicKey.Key);
    }

    [Theory, Both]
    public async Task ApiKeys_AreKeptAsHashes_AndRotated(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        (ApiKeyRecord key, string text) = ApiKeyRecord.Issue("owner", "laptop");
        await test.Store.AddApiKeyAsync(key, Stop);
        Assert.StartsWith("nos_", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, key.ToString(), StringComparison.Ordinal);
        Assert.Equal("owner", (await test.Store.FindApiKeyAsync(ApiKeyRecord.HashOf(text), Stop))!.Owner);
        Assert.Null(await test.Store.FindApiKeyAsync(ApiKeyRecord.HashOf(text + "1"), Stop));
        await test.Store.UsedApiKeyAsync(key.Hash, Stop);
        Assert.Equal(test.Time.GetUtcNow(), Assert.Single(await test.Store.ApiKeysAsync("owner", Stop)).LastUsedAt);

        Assert.False(await test.Store.ExpireApiKeyAsync("another", key.Hash, test.Time.GetUtcNow(), Stop));
        Assert.True(await test.Store.ExpireApiKeyAsync("owner", key.Hash, test.Time.GetUtcNow().AddMinutes(1), Stop));
        Assert.NotNull(await test.Store.FindApiKeyAsync(key.Hash, Stop));
        test.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await test.Store.FindApiKeyAsync(key.Hash, Stop));
    }

    [Theory, Both]
    public async Task Webhooks_AreTheirOwners(Database kind)
    {
        await using TestStore test = await OpenAsync(kind);
        Webhook hook = await test.Store.AddWebhookAsync(new Webhook { Id = "h", Owner = "owner", Url = "https://example.org", Secret = "s" }, Stop);
        Assert.Equal([hook], await test.Store.WebhooksAsync("owner", Stop));
        Assert.Empty(await test.Store.WebhooksAsync("another", Stop));
        Assert.False(await test.Store.DeleteWebhookAsync("another", "h", Stop));
        Assert.True(await test.Store.DeleteWebhookAsync("owner", "h", Stop));
        Assert.Empty(await test.Store.WebhooksAsync("owner", Stop));
    }
}
