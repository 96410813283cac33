using System.Buffers.Binary;
using System.Text.Json;
using Nosana.LocalNet;
using Nosana.LocalNet.Genesis;
using Nosana.LocalNet.Runtime;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Sdk;

/// <summary>The embedded network, judged by a client that is not ours: @nosana/kit 2.1.8 on both sets of programs.</summary>
public sealed class KitTests
{
    private const ulong Price = 100;

    private static string Result => "QmWmyoMoctfbAaiEs2G46gpeUmhqFRDW6KWo64y5r581Vz";

    private static async Task<(LocalNetServer Network, ManualTimeProvider Time)> StartAsync()
    {
        var time = new ManualTimeProvider();
        var options = new LocalNetOptions { Port = 0, TimeProvider = time, Market = new MarketTerms { JobPrice = Price } };
        return (await LocalNetServer.StartAsync(options, TestContext.Current.CancellationToken), time);
    }

    private static LocalNetSet SetOf(LocalNetServer network, string name) => network.Sets.Single(set => set.Network == name);

    private static AccountState? Find(LocalNetServer network, PublicKey address) => network.Bank.GetAccount(address);

    private static JobAccount Job(LocalNetServer network, string address) => JobAccount.Decode(Find(network, new PublicKey(address))!.Data.Span);

    private static ulong Nos(LocalNetServer network, LocalNetSet set, PublicKey wallet) =>
        BinaryPrimitives.ReadUInt64LittleEndian(Find(network, set.Programs.NosTokenAccount(wallet))!.Data.Span[64..]);

    /// <summary>Lists a job through the client and returns its address: the one signer besides the run's key that now is an account.</summary>
    private static async Task<string> ListAsync(KitClient kit, LocalNetServer network, LocalNetSet set, string call = "list", string more = "")
    {
        string expression = $$"""(async () => { const i = await client.jobs.{{call}}({ market: '{{set.Market}}', timeout: 600, ipfsHash: '{{Result}}'{{more}} }); await send(i); return i.accounts[0].address })()""";
        string address = (await kit.EvaluateAsync(expression)).GetString()!;
        Assert.Equal(set.Market, Job(network, address).Market);
        return address;
    }

    [Theory]
    [InlineData("mainnet")]
    [InlineData("devnet")]
    public async Task Poster_ListsReadsExtendsAndDelists_SeesTheChain(string name)
    {
        (LocalNetServer network, _) = await StartAsync();
        await using LocalNetServer running = network;
        LocalNetSet set = SetOf(network, name);
        PublicKey poster = network.Keys.Poster.PublicKey;
        await using KitClient kit = await KitClient.StartAsync(network.Info, name, network.Keys.Poster.ExportSecretKey());
        ulong before = Nos(network, set, poster);

        JsonElement market = await kit.EvaluateAsync($"client.jobs.market('{set.Market}')");
        Assert.Equal(Price, market.GetProperty("jobPrice").GetUInt64());
        Assert.Equal(set.MarketVault.Key, market.GetProperty("vault").GetString());
        Assert.Equal(before / 1e6, (await kit.EvaluateAsync("client.nos.getBalance()")).GetDouble());

        string address = await ListAsync(kit, network, set);
        JsonElement job = await kit.EvaluateAsync($"client.jobs.get('{address}')");
        Assert.Equal(0, job.GetProperty("state").GetInt32());
        Assert.Equal((600UL, Price), (job.GetProperty("timeout").GetUInt64(), job.GetProperty("price").GetUInt64()));
        Assert.Equal(Result, job.GetProperty("ipfsJob").GetString());
        Assert.Equal(poster.Key, job.GetProperty("project").GetString());
        Assert.Equal(before - 600 * Price, Nos(network, set, poster));
        JsonElement mine = await kit.EvaluateAsync($"client.jobs.all({{ project: '{poster}' }})");
        Assert.Equal(address, Assert.Single(mine.EnumerateArray()).GetProperty("address").GetString());
        Assert.Equal(address, (await kit.EvaluateAsync($"client.jobs.market('{set.Market}')")).GetProperty("queue")[0].GetString());

        await kit.EvaluateAsync($"send(client.jobs.extend({{ job: '{address}', timeout: 300 }}))");
        Assert.Equal(900, Job(network, address).Timeout);
        await kit.EvaluateAsync($"send(client.jobs.delist({{ job: '{address}' }}))");
        Assert.Null(Find(network, new PublicKey(address)));
        Assert.Equal(before, Nos(network, set, poster));
    }

    [Theory]
    [InlineData("mainnet")]
    [InlineData("devnet")]
    public async Task Host_WorksAndFinishes_IsPaid(string name)
    {
        (LocalNetServer network, ManualTimeProvider time) = await StartAsync();
        await using LocalNetServer running = network;
        LocalNetSet set = SetOf(network, name);
        await using KitClient poster = await KitClient.StartAsync(network.Info, name, network.Keys.Poster.ExportSecretKey());
        await using KitClient host = await KitClient.StartAsync(network.Info, name, network.Keys.Host.ExportSecretKey());
        string address = await ListAsync(poster, network, set);

        await host.EvaluateAsync($"send(client.jobs.work({{ market: '{set.Market}' }}))");
        JsonElement run = Assert.Single((await poster.EvaluateAsync($"client.jobs.runs({{ job: '{address}' }})")).EnumerateArray());
        Assert.Equal(network.Keys.Host.PublicKey.Key, run.GetProperty("node").GetString());
        Assert.Equal(1, (await poster.EvaluateAsync($"client.jobs.get('{address}')")).GetProperty("state").GetInt32());
        time.Advance(TimeSpan.FromSeconds(42));
        await host.EvaluateAsync($"send(client.jobs.finish({{ job: '{address}', ipfsResultsHash: '{Result}' }}))");

        Assert.Equal(42 * Price, Nos(network, set, network.Keys.Host.PublicKey));
        JsonElement done = await poster.EvaluateAsync($"client.jobs.get('{address}')");
        Assert.Equal(2, done.GetProperty("state").GetInt32());
        Assert.Equal(Result, done.GetProperty("ipfsResult").GetString());
        Assert.Equal(42UL, done.GetProperty("timeEnd").GetUInt64() - done.GetProperty("timeStart").GetUInt64());
    }

    [Fact]
    public async Task Poster_AssignsAndEnds_HostCompletes()
    {
        // The client's complete always names mainnet's program: only that set can serve it.
        (LocalNetServer network, ManualTimeProvider time) = await StartAsync();
        await using LocalNetServer running = network;
        LocalNetSet set = SetOf(network, "mainnet");
        await using KitClient poster = await KitClient.StartAsync(network.Info, "mainnet", network.Keys.Poster.ExportSecretKey());
        await using KitClient host = await KitClient.StartAsync(network.Info, "mainnet", network.Keys.Host.ExportSecretKey());
        await host.EvaluateAsync($"send(client.jobs.work({{ market: '{set.Market}' }}))");

        string address = await ListAsync(poster, network, set, "assign", $", node: '{network.Keys.Host.PublicKey}'");
        time.Advance(TimeSpan.FromSeconds(5));
        await poster.EvaluateAsync($"send(client.jobs.end({{ job: '{address}' }}))");
        Assert.Equal(5 * Price, Nos(network, set, network.Keys.Host.PublicKey));
        await host.EvaluateAsync($"send(client.jobs.complete({{ job: '{address}', ipfsResultsHash: '{Result}' }}))");

        Assert.Equal(Result, (await poster.EvaluateAsync($"client.jobs.get('{address}')")).GetProperty("ipfsResult").GetString());
    }

    [Fact]
    public async Task Poster_PinsJson_GetsItBack()
    {
        (LocalNetServer network, _) = await StartAsync();
        await using LocalNetServer running = network;
        await using KitClient kit = await KitClient.StartAsync(network.Info, "mainnet", network.Keys.Poster.ExportSecretKey());

        JsonElement back = await kit.EvaluateAsync("client.ipfs.pin({ version: '0.1', ops: [1, 2] }).then(cid => client.ipfs.retrieve(cid))");

        Assert.Equal("""{"version":"0.1","ops":[1,2]}""", back.GetRawText());
    }

    [Fact]
    public async Task Reader_AsksWhatWalletsAndExplorersAskFirst_GetsTheDocumentedTypes()
    {
        (LocalNetServer network, ManualTimeProvider time) = await StartAsync();
        await using LocalNetServer running = network;
        await using KitClient kit = await KitClient.StartAsync(network.Info, "mainnet", network.Keys.Poster.ExportSecretKey());
        await ListAsync(kit, network, SetOf(network, "mainnet"));
        ulong slot = network.Bank.Clock.Slot;
        async Task<string> AskAsync(string call, string pick) => (await kit.EvaluateAsync($"client.solana.rpc.{call}.send().then({pick})")).GetRawText();
        // What the client itself has just paid: never less than its floor.
        Assert.Equal("true", await AskAsync(
            $"getRecentPrioritizationFees(['{network.Keys.Poster.PublicKey}'])",
            $"fees => fees.some(fee => fee.slot === {slot}n && fee.prioritizationFee >= 10000n)"));
        time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal("""["bigint","bigint","bigint","string","bigint","0","number"]""", await AskAsync(
            $"getBlock({slot}n, {{ maxSupportedTransactionVersion: 0 }})",
            "b => [typeof b.blockHeight, typeof b.blockTime, typeof b.parentSlot, typeof b.previousBlockhash, " +
            "typeof b.transactions[0].meta.fee, b.transactions[0].version, typeof b.transactions[0].transaction.message.header.numRequiredSignatures]"));
        Assert.Equal("""["object","boolean"]""", await AskAsync(
            $"getBlock({slot}n, {{ maxSupportedTransactionVersion: 0, transactionDetails: 'accounts', rewards: false }})",
            "b => [typeof b.transactions[0].transaction.accountKeys[0], typeof b.transactions[0].transaction.accountKeys[0].signer]"));
        Assert.Equal($"""["{slot}","{slot + 1}"]""", await AskAsync($"getBlocks({slot}n, {slot + 1}n)", "slots => slots"));
        Assert.Equal($"""["{slot}"]""", await AskAsync($"getBlocksWithLimit({slot}n, 1)", "slots => slots"));
        Assert.Equal("""["number","number","string"]""", await AskAsync("getClusterNodes()", "n => [typeof n[0].featureSet, typeof n[0].shredVersion, typeof n[0].rpc]"));
        Assert.Equal("true", await AskAsync("getSlotLeaders(1n, 3)", "l => client.solana.rpc.getSlotLeader().send().then(one => l.length === 3 && l[2] === one)"));
        Assert.Equal("""[1,"1","150",60,"150"]""", await AskAsync(
            "getRecentPerformanceSamples(5)", "s => [s.length, s[0].numNonVoteTransactions, s[0].numSlots, s[0].samplePeriodSecs, s[0].slot]"));
        Assert.Equal("""{"full":"0","incremental":null}""", await AskAsync("getHighestSnapshotSlot()", "slots => slots"));
        Assert.Equal("[0,0,0,0,0]", await AskAsync("getInflationGovernor()", "g => [g.foundation, g.foundationTerm, g.initial, g.taper, g.terminal]"));
        Assert.Equal("""["0",0,0,0]""", await AskAsync("getInflationRate()", "r => [r.epoch, r.foundation, r.total, r.validator]"));
        Assert.Equal("[null]", await AskAsync($"getInflationReward(['{network.Keys.Poster.PublicKey}'])", "rewards => rewards"));
        Assert.Equal("\"1000000000\"", await AskAsync("getStakeMinimumDelegation()", "answer => answer.value"));
    }
}
