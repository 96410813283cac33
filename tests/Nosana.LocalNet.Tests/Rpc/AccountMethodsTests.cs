using System.Text.Json;
using Nosana.LocalNet.Genesis;
using Nosana.LocalNet.Rpc;
using Nosana.LocalNet.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Programs;
using SimpleBase;

namespace Nosana.LocalNet.Tests.Rpc;

public sealed class AccountMethodsTests
{
    [Fact]
    public async Task GetAccountInfo_Market_DecodesAsTheProgramsAccount()
    {
        await using TestNetwork network = await TestNetwork.StartAsync(options => options with { Market = new MarketTerms { JobPrice = 43 } });
        LocalNetSet set = network.Server.Sets[0];

        JsonElement result = await network.CallAsync("getAccountInfo", $"[\"{set.Market}\",{{\"encoding\":\"base64\"}}]");

        JsonElement account = result.GetProperty("value");
        MarketAccount market = MarketAccount.Decode(account.GetProperty("data")[0].GetBytesFromBase64());
        Assert.Equal(43UL, market.JobPrice);
        Assert.Equal(set.MarketVault, market.Vault);
        Assert.Equal(QueueType.Empty, market.QueueType);
        Assert.Equal("base64", account.GetProperty("data")[1].GetString());
        Assert.Equal(set.Programs.Jobs.Key, account.GetProperty("owner").GetString());
        Assert.Equal(72_049_920UL, account.GetProperty("lamports").GetUInt64());
        Assert.Equal(10_224, account.GetProperty("space").GetInt32());
        Assert.Equal(ulong.MaxValue, account.GetProperty("rentEpoch").GetUInt64());
        Assert.True(result.GetProperty("context").GetProperty("slot").GetUInt64() > 0);
    }

    [Fact]
    public async Task GetAccountInfo_Absent_IsNull()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Assert.Equal(JsonValueKind.Null, (await network.CallAsync("getAccountInfo", $"[\"{TestBank.Key(99)}\"]")).GetProperty("value").ValueKind);
    }

    [Theory]
    [InlineData("""["abc"]""", "Invalid param: WrongSize")]
    [InlineData("""["0OIl"]""", "Invalid param: Invalid")]
    public async Task GetAccountInfo_NoAddress_IsRefused(string parameters, string message)
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        JsonElement error = await network.ErrorAsync("getAccountInfo", parameters);
        Assert.Equal((-32602, message), (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task GetAccountInfo_LargeInBase58_IsRefused()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        JsonElement error = await network.ErrorAsync("getAccountInfo", $"[\"{network.Server.Sets[0].Market}\",{{\"encoding\":\"base58\"}}]");
        Assert.Contains("base 58", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAccountInfo_Slice_CutsData()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        JsonElement result = await network.CallAsync("getAccountInfo", $"[\"{network.Server.Sets[0].Market}\",{{\"encoding\":\"base58\",\"dataSlice\":{{\"offset\":0,\"length\":8}}}}]");
        Assert.Equal("afwFqcydEve", result.GetProperty("value").GetProperty("data")[0].GetString());
    }

    [Fact]
    public async Task GetAccountInfo_Zstandard_IsAFrameOfTheData()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        JsonElement data = (await network.CallAsync("getAccountInfo", $"[\"{network.Server.Sets[0].Market}\",{{\"encoding\":\"base64+zstd\",\"dataSlice\":{{\"offset\":0,\"length\":8}}}}]")).GetProperty("value").GetProperty("data");
        Assert.Equal("base64+zstd", data[1].GetString());
        // Magic, descriptor, content size; one last raw block of 8 bytes.
        Assert.Equal("28b52ffda008000000410000c94ebbe1f0c6c9fb", Convert.ToHexStringLower(data[0].GetBytesFromBase64()));
    }

    // The frames of these lengths were read by libzstd.
    [Theory]
    [InlineData(0, "28b52ffda000000000010000", 12)]
    [InlineData(131_072, "28b52ffda000000200010010", 131_084)]
    [InlineData(131_073, "28b52ffda001000200000010", 131_088)]
    public void Store_AroundTheLongestBlock_HeadersAsTheFormatWants(int length, string headers, int total)
    {
        byte[] frame = ZstdFrame.Store(new byte[length]);
        Assert.Equal((headers, total), (Convert.ToHexStringLower(frame.AsSpan(0, 12)), frame.Length));
    }

    [Fact]
    public async Task GetProgramAccounts_ByDiscriminatorInBothEncodings_FindsTheMarket()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        foreach (LocalNetSet set in network.Server.Sets)
        {
            foreach (string bytes in new[] { "\"bytes\":\"afwFqcydEve\"", $"\"bytes\":\"{Convert.ToBase64String(Base58.Bitcoin.Decode("afwFqcydEve"))}\",\"encoding\":\"base64\"" })
            {
                JsonElement found = await network.CallAsync("getProgramAccounts",
                    $"[\"{set.Programs.Jobs}\",{{\"encoding\":\"base64\",\"filters\":[{{\"memcmp\":{{\"offset\":0,{bytes}}}}}]}}]");
                Assert.Equal(set.Market.Key, Assert.Single(found.EnumerateArray()).GetProperty("pubkey").GetString());
            }
        }
    }

    [Fact]
    public async Task GetProgramAccounts_WithContext_WrapsTheList()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        JsonElement found = await network.CallAsync("getProgramAccounts", $"[\"{network.Server.Sets[0].Programs.Jobs}\",{{\"encoding\":\"base64\",\"withContext\":true,\"filters\":[{{\"dataSize\":10224}}]}}]");
        Assert.Single(found.GetProperty("value").EnumerateArray());
    }

    [Fact]
    public async Task GetMultipleAccounts_SomeAbsent_KeepsTheirPlaces()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        JsonElement found = (await network.CallAsync("getMultipleAccounts", $"[[\"{TestBank.Key(99)}\",\"{network.Server.Sets[1].Market}\"]]")).GetProperty("value");
        Assert.Equal(JsonValueKind.Null, found[0].ValueKind);
        Assert.Equal(network.Server.Sets[1].Programs.Jobs.Key, found[1].GetProperty("owner").GetString());
    }

    [Fact]
    public async Task GetTokenAccountsByOwner_MintParsed_ShowsTheBalance()
    {
        await using TestNetwork network = await TestNetwork.StartAsync(options => options with { PosterMicroNos = 1_234_500_000 });
        string poster = network.Server.Keys.Poster.PublicKey;

        JsonElement found = (await network.CallAsync("getTokenAccountsByOwner",
            $"[\"{poster}\",{{\"mint\":\"{network.Server.Sets[0].Programs.NosMint}\"}},{{\"encoding\":\"jsonParsed\"}}]")).GetProperty("value");

        JsonElement info = Assert.Single(found.EnumerateArray()).GetProperty("account").GetProperty("data").GetProperty("parsed").GetProperty("info");
        Assert.Equal("""{"amount":"1234500000","decimals":6,"uiAmount":1234.5,"uiAmountString":"1234.5"}""", info.GetProperty("tokenAmount").GetRawText());
        Assert.Equal(poster, info.GetProperty("owner").GetString());
        JsonElement all = (await network.CallAsync("getTokenAccountsByOwner",
            $"[\"{poster}\",{{\"programId\":\"{WellKnownAddresses.TokenProgram}\"}},{{\"encoding\":\"base64\"}}]")).GetProperty("value");
        Assert.Equal(2, all.GetArrayLength());
    }

    [Fact]
    public async Task GetTokenSupply_Nos_EqualsTheSumOfAllAccounts()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        foreach (LocalNetSet set in network.Server.Sets)
        {
            string mint = set.Programs.NosMint;
            Assert.Equal("100000000000000", (await network.CallAsync("getTokenSupply", $"[\"{mint}\"]")).GetProperty("value").GetProperty("amount").GetString());
            JsonElement holders = (await network.CallAsync("getProgramAccounts",
                $"[\"{WellKnownAddresses.TokenProgram}\",{{\"encoding\":\"jsonParsed\",\"withContext\":true,\"filters\":[{{\"dataSize\":165}},{{\"memcmp\":{{\"offset\":0,\"bytes\":\"{mint}\"}}}}]}}]")).GetProperty("value");
            ulong sum = 0;
            foreach (JsonElement holder in holders.EnumerateArray())
                sum += ulong.Parse(holder.GetProperty("account").GetProperty("data").GetProperty("parsed").GetProperty("info").GetProperty("tokenAmount").GetProperty("amount").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(LocalNetGenesis.Supply, sum);
        }
    }

    [Fact]
    public async Task GetTokenAccountBalance_NoTokenAccount_IsRefused()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Assert.Equal("Invalid param: could not find account", (await network.ErrorAsync("getTokenAccountBalance", $"[\"{TestBank.Key(99)}\"]")).GetProperty("message").GetString());
        Assert.Equal("Invalid param: not a Token account", (await network.ErrorAsync("getTokenAccountBalance", $"[\"{network.Server.Sets[0].Market}\"]")).GetProperty("message").GetString());
    }

    [Fact]
    public async Task GetMinimumBalanceForRentExemption_TokenAccount_Is2039280()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Assert.Equal(2_039_280UL, (await network.CallAsync("getMinimumBalanceForRentExemption", "[165]")).GetUInt64());
    }
}
