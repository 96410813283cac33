using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using Nosana.LocalNet.Genesis;
using Nosana.LocalNet.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Tests.Server;

[UnsupportedOSPlatform("windows")]
public sealed class LocalNetServerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("localnet-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task StartAsync_Info_IsThereWhileItRunsAndGoneAfter()
    {
        string path = Path.Combine(_directory, "deep", "info.json");
        await using (TestNetwork network = await TestNetwork.StartAsync(options => options with { InfoPath = path, KeyDirectory = Path.Combine(_directory, "keys") }))
        {
            LocalNetInfo info = LocalNetInfo.Read(path);
            Assert.Equal(network.Server.Info.ToJson(), info.ToJson());
            Assert.Equal(network.Server.RpcUri, new Uri(info.Rpc));
            Assert.Equal($"{info.Rpc}/ipfs/", info.Ipfs.Gateway);
            Assert.Equal(["mainnet", "devnet"], info.Networks.Select(set => set.Network));
            Assert.Equal(info.Networks[0].Market, info.Market);
            foreach (LocalNetWalletInfo wallet in new[] { info.Poster, info.Host })
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(wallet.Keypair!));
                Assert.Equal(wallet.Address, KeyFile.ReadAddress(wallet.Keypair!).Key);
            }
            Assert.Equal("ok", (await network.CallAsync("getHealth")).GetString());
        }
        Assert.False(File.Exists(path));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task StartAsync_PortTaken_SaysWhich(int offset)
    {
        int port = Nosana.LocalNet.Http.PortPair.FindFree(IPAddress.Loopback);
        using var taken = new TcpListener(IPAddress.Loopback, port + offset);
        taken.Start();
        string info = Path.Combine(_directory, "info.json");

        var exception = await Assert.ThrowsAsync<LocalNetPortException>(() => LocalNetServer.StartAsync(new LocalNetOptions { Port = port, InfoPath = info }, TestNetwork.Cancellation));

        Assert.Contains($"{port} and {port + 1}", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(info));
    }

    [Fact]
    public async Task StartAsync_OwnIpfsPort_ServesTheGatewayThere()
    {
        await using TestNetwork network = await TestNetwork.StartAsync(options => options with { IpfsPort = 0 });
        Assert.NotEqual(network.Server.RpcUri.Port, network.Server.GatewayUri.Port);
        using HttpResponseMessage response = await network.GetAsync(new Uri(network.Server.GatewayUri, "QmNLei78zWmzUdbeRB3CiUfAizWUrbeeZh5K1rhAQKCh51"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task StartAsync_SameDatabase_GoesOnWhereItWas()
    {
        LocalNetOptions Kept(LocalNetOptions options) => options with { DatabasePath = Path.Combine(_directory, "chain.db"), KeyDirectory = Path.Combine(_directory, "keys") };
        PublicKey to = TestBank.Key(88);
        string genesis, cid;
        int accounts;
        await using (TestNetwork network = await TestNetwork.StartAsync(Kept))
        {
            genesis = network.Server.Info.GenesisHash;
            await network.SendAsync([SystemProgram.Transfer(network.Server.Keys.Poster.PublicKey, to, 10_000_000)], network.Server.Keys.Poster);
            cid = network.Server.Content.Add("[1]"u8.ToArray(), network.Time.GetUtcNow()).ToString();
            accounts = network.Server.Bank.Snapshot().Count;
        }
        await using TestNetwork again = await TestNetwork.StartAsync(Kept);
        Assert.Equal(genesis, again.Server.Info.GenesisHash);
        Assert.Equal(10_000_000UL, again.Server.Bank.GetAccount(to)!.Lamports);
        Assert.Equal(accounts, again.Server.Bank.Snapshot().Count);
        using HttpResponseMessage fetched = await again.GetAsync(new Uri(again.Server.GatewayUri, cid));
        Assert.Equal("[1]", await fetched.Content.ReadAsStringAsync(TestNetwork.Cancellation));
    }

    [Fact]
    public async Task StartAsync_RelativePaths_AreHandedOnAbsolute()
    {
        string keys = Path.Combine(_directory, "keys"), info = Path.Combine(_directory, "info.json");
        string Relative(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path);
        await using TestNetwork network = await TestNetwork.StartAsync(options => options with { KeyDirectory = Relative(keys), InfoPath = Relative(info) });
        Assert.Equal(Path.Combine(keys, "poster.json"), LocalNetInfo.Read(info).Poster.Keypair);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65_535)]
    [InlineData(99_999)]
    public async Task StartAsync_PortThatIsNone_SaysWhichThereAre(int port)
    {
        var exception = await Assert.ThrowsAsync<LocalNetPortException>(() => LocalNetServer.StartAsync(new LocalNetOptions { Port = port }, TestNetwork.Cancellation));
        Assert.Equal(port, exception.Port);
        Assert.Contains($"{port}: choose one from 1 to 65534", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65_536)]
    public async Task StartAsync_IpfsPortThatIsNone_SaysWhichThereAre(int port)
    {
        var exception = await Assert.ThrowsAsync<LocalNetPortException>(
            () => LocalNetServer.StartAsync(new LocalNetOptions { Port = 0, IpfsPort = port }, TestNetwork.Cancellation));
        Assert.Contains($"{port}: choose one from 1 to 65535", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_FilesThatCannotBe_SaysWhich()
    {
        string file = Path.Combine(_directory, "file");
        await File.WriteAllTextAsync(file, new string('x', 4096), TestNetwork.Cancellation);
        string below = Path.Combine(file, "below");
        string keys = Path.Combine(_directory, "keys");

        foreach ((string path, LocalNetOptions options) in new[]
        {
            (below, new LocalNetOptions { InfoPath = below }),
            (below, new LocalNetOptions { KeyDirectory = keys, DatabasePath = below }),
            (file, new LocalNetOptions { KeyDirectory = keys, DatabasePath = file }),
        })
        {
            var exception = await Assert.ThrowsAsync<LocalNetException>(() => LocalNetServer.StartAsync(options with { Port = 0 }, TestNetwork.Cancellation));
            Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task StartAsync_DatabaseWithoutKeyDirectory_IsRefused() =>
        await Assert.ThrowsAsync<LocalNetException>(() => LocalNetServer.StartAsync(new LocalNetOptions { Port = 0, DatabasePath = Path.Combine(_directory, "chain.db") }, TestNetwork.Cancellation));

    [Fact]
    public async Task Genesis_Wallets_HaveFundsTokenAccountsAndStakes()
    {
        PublicKey extra = TestBank.Key(33);
        await using TestNetwork network = await TestNetwork.StartAsync(options => options with { Wallets = [new LocalNetWallet(extra, 5_000_000_000, 7_000_000)] });
        Assert.Equal(5_000_000_000UL, network.Server.Bank.GetAccount(extra)!.Lamports);
        foreach (LocalNetSet set in network.Server.Sets)
        {
            JsonElement balance = (await network.CallAsync("getTokenAccountBalance", $"[\"{set.Programs.NosTokenAccount(extra)}\"]")).GetProperty("value");
            Assert.Equal("7", balance.GetProperty("uiAmountString").GetString());
            StakeAccount stake = StakeAccount.Decode(network.Server.Bank.GetAccount(set.Programs.Stake(extra).Address)!.Data.Span);
            Assert.Equal((extra, 0UL, (UInt128)0), (stake.Authority, stake.Amount, stake.Xnos));
        }
    }

    [Fact]
    public async Task JobThread_ListedWorkedFinished_PaysTheHost()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        foreach (LocalNetSet set in network.Server.Sets)
        {
            var jobs = new JobsInstructions(set.Programs);
            Account poster = network.Server.Keys.Poster, host = network.Server.Keys.Host;
            using var job = new Account();
            using var run = new Account();
            using var unused = new Account();
            byte[] digest = [.. Enumerable.Repeat((byte)3, 32)];
            await network.SendAsync([jobs.List(job.PublicKey, set.Market, unused.PublicKey, poster.PublicKey, digest, 600)], poster, job, unused);
            await network.SendAsync([jobs.Work(run.PublicKey, set.Market, host.PublicKey)], host, run);
            network.Time.Advance(TimeSpan.FromSeconds(30));
            JobAccount listed = JobAccount.Decode(network.Server.Bank.GetAccount(job.PublicKey)!.Data.Span);
            RunAccount running = RunAccount.Decode(network.Server.Bank.GetAccount(run.PublicKey)!.Data.Span);
            await network.SendAsync([jobs.Finish(job.PublicKey, listed, run.PublicKey, running, digest)], host);

            string Balance(PublicKey wallet) => BitConverter.ToUInt64(network.Server.Bank.GetAccount(set.Programs.NosTokenAccount(wallet))!.Data.Span[64..72]).ToString(System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal("3000", Balance(host.PublicKey));
            Assert.Equal("999999997000", Balance(poster.PublicKey));
            Assert.Equal(JobState.Done, JobAccount.Decode(network.Server.Bank.GetAccount(job.PublicKey)!.Data.Span).State);
        }
    }

    [Fact]
    public async Task Faults_Transactions_AreLostOrUnconfirmed()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        Account poster = network.Server.Keys.Poster;
        PublicKey lost = TestBank.Key(66), silent = TestBank.Key(67);

        network.Server.Faults.LoseNextTransactions(1);
        await network.SendAsync([SystemProgram.Transfer(poster.PublicKey, lost, 10_000_000)], poster);
        network.Server.Faults.LoseNextConfirmations(1);
        string signature = await network.SendAsync([SystemProgram.Transfer(poster.PublicKey, silent, 10_000_000)], poster);

        Assert.Null(network.Server.Bank.GetAccount(lost));
        Assert.NotNull(network.Server.Bank.GetAccount(silent));
        Assert.Equal(JsonValueKind.Null, (await network.CallAsync("getSignatureStatuses", $"[[\"{signature}\"]]")).GetProperty("value")[0].ValueKind);
        network.Server.Faults.RevealAll();
        Assert.NotEqual(JsonValueKind.Null, (await network.CallAsync("getSignatureStatuses", $"[[\"{signature}\"]]")).GetProperty("value")[0].ValueKind);
    }

    [Fact]
    public async Task Faults_Requests_AreRejectedOrUnhealthy()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        network.Server.Faults.RejectNextRequests(1);
        using HttpResponseMessage rejected = await network.PostAsync("{}");
        Assert.Equal(HttpStatusCode.TooManyRequests, rejected.StatusCode);
        Assert.Equal("ok", (await network.CallAsync("getHealth")).GetString());
        network.Server.Faults.NodeBehind = true;
        Assert.Equal(-32005, (await network.ErrorAsync("getHealth")).GetProperty("code").GetInt32());
        network.Server.Faults.ProgramAccountsDisabled = true;
        Assert.Equal(-32010, (await network.ErrorAsync("getProgramAccounts", $"[\"{network.Server.Sets[0].Programs.Jobs}\"]")).GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Faults_Delay_HoldsTheAnswerUntilTheClockMoves()
    {
        await using TestNetwork network = await TestNetwork.StartAsync();
        int armed = network.Time.ActiveTimers;
        network.Server.Faults.Delay = TimeSpan.FromMinutes(1);
        Task<JsonElement> call = network.CallAsync("getHealth");
        while (network.Time.ActiveTimers == armed) await Task.Yield();
        Assert.False(call.IsCompleted);

        network.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("ok", (await call).GetString());
    }
}
