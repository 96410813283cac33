using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Tests.Accounts;

public sealed class AccountLayoutTests
{
    /// <summary>Discriminator, its base58 form where the specification prints one, serialized and allocated length (section 2).</summary>
    [Fact]
    public void Layouts_AllNine_MatchTheTable()
    {
        Check(new MarketAccount(), "c94ebbe1f0c6c9fb", "afwFqcydEve", 151, 10_224);
        Check(new MarketAccount { Queue = [Vectors.Wallet, Vectors.Job] }, "c94ebbe1f0c6c9fb", "afwFqcydEve", 151 + 64, 10_224);
        Check(new JobAccount(), "5b10a2052dd27d41", "GESmduEEyPE", 233, 240);
        Check(new RunAccount(), "c2a96ee6eb0be116", "ZZTu8o6YwNM", 113, 120);
        Check(new StakeAccount(), "509e437c32bdc0ff", "EV6feDfKSVt", 113, 120);
        Check(new SettingsAccount(), "3f59cb9b4ced733a", null, 72, 72);
        Check(new ReflectionAccount(), "cd99a036ef1adbbc", "bPaZA1Y6T5u", 89, 96);
        Check(new RewardAccount(), "e1511ffd54eaab81", "egrez4Cg5Vr", 73, 80);
        Check(new NodeAccount { Endpoint = "https://x", Icon = "i", Version = "1.0" }, "7da61292c37f56dc", "N1x6kpVdXxo", 66 + 9 + 1 + 3, 128);
        Check(new PoolAccount(), "74d2bb77c4c43489", null, 131, 136);

        static void Check<T>(T account, string discriminator, string? base58, int serialized, int allocated) where T : NosanaAccount<T>, IAccountLayout<T>
        {
            Assert.Equal(discriminator, Convert.ToHexStringLower(NosanaAccount<T>.Discriminator));
            if (base58 is not null) Assert.Equal(base58, NosanaAccount<T>.TypeFilter.Base58);
            byte[] bytes = account.Encode();
            Assert.Equal(serialized, bytes.Length);
            Assert.Equal(allocated, T.AllocatedLength);
            Assert.True(bytes.Length <= allocated);
            Assert.Equal(bytes, NosanaAccount<T>.Decode(bytes).Encode());
            // Cut anywhere, it is not an account; with stale bytes behind it, it is the same account.
            for (int length = 0; length < bytes.Length; length++) Assert.False(NosanaAccount<T>.TryDecode(bytes.AsSpan(0, length), out _), $"{T.Name} of {length} bytes");
            byte[] stale = [.. bytes, .. Enumerable.Repeat((byte)0xee, 40)];
            Assert.Equal(bytes, NosanaAccount<T>.Decode(stale).Encode());
        }
    }

    [Fact]
    public void Decode_OtherAccountOrEmpty_SaysWhat()
    {
        Assert.Contains("Not a JobAccount", Assert.Throws<FormatException>(() => JobAccount.Decode(new RunAccount().Encode())).Message);
        Assert.Contains("0 bytes", Assert.Throws<FormatException>(() => JobAccount.Decode([])).Message);
        Assert.Contains("cut short", Assert.Throws<FormatException>(() => JobAccount.Decode(new JobAccount().Encode().AsSpan(0, 100))).Message);
    }

    [Fact]
    public void Encode_ImagesOfTheSpecification_MatchByteForByte()
    {
        var run = new RunAccount { Job = Vectors.Job, Node = Vectors.Wallet, Payer = Vectors.Wallet, Time = 1_750_000_000 };
        Assert.Equal($"c2a96ee6eb0be116ed4928c628d1c2c6eae90338905995612959273a5c63f93636c14614ac8737d1{Vectors.WalletHex}{Vectors.WalletHex}0080e14e6800000000", run.Encode().Hex());

        var job = new JobAccount { IpfsJob = Vectors.Digest, Market = Vectors.Market, Payer = Vectors.Wallet, Price = 43, Project = Vectors.Wallet, Timeout = 7200 };
        string zero = new('0', 64);
        Assert.Equal(
            $"5b10a2052dd27d41{Vectors.DigestHex}{zero}8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394{zero}{Vectors.WalletHex}2b00000000000000{Vectors.WalletHex}0000000000000000000000000000000000201c000000000000",
            job.Encode().Hex());

        ProgramDerivedAddress vault = ProgramAddresses.Devnet.MarketVault(Vectors.Market);
        var market = new MarketAccount
        {
            Authority = Vectors.Wallet,
            JobExpiration = 86_400,
            JobPrice = 43,
            JobTimeout = 7200,
            JobType = JobType.Gpu,
            Vault = vault.Address,
            VaultBump = vault.Bump,
            NodeXnosMinimum = 10_000_000_000,
            QueueType = QueueType.Node,
            Queue = [Vectors.Wallet],
        };
        Assert.Equal(
            $"c94ebbe1f0c6c9fb{Vectors.WalletHex}80510100000000002b00000000000000201c00000000000004e2be8388527a5dc2a542f4da6ff54b1bfd025bfe0d8183b353b27f53d250968cff{zero}00e40b540200000000000000000000000101000000{Vectors.WalletHex}",
            market.Encode().Hex());
    }

    [Fact]
    public void Offsets_OfFilters_PointAtTheirFields()
    {
        var job = new JobAccount { Market = Key(1), Node = Key(2), Payer = Key(3), Project = Key(4), State = JobState.Stopped };
        byte[] bytes = job.Encode();
        Assert.True(JobAccount.TypeFilter.Matches(bytes));
        Assert.True(JobAccount.MarketFilter(Key(1)).Matches(bytes));
        Assert.True(JobAccount.NodeFilter(Key(2)).Matches(bytes));
        Assert.True(JobAccount.ProjectFilter(Key(4)).Matches(bytes));
        Assert.True(JobAccount.StateFilter(JobState.Stopped).Matches(bytes));
        Assert.False(JobAccount.StateFilter(JobState.Done).Matches(bytes));
        Assert.Equal(["1", "3", "4"], new[] { JobState.Queued, JobState.Done, JobState.Stopped }.Select(s => JobAccount.StateFilter(s).Base58));
        byte[] run = new RunAccount { Job = Key(5), Node = Key(6) }.Encode();
        Assert.True(RunAccount.JobFilter(Key(5)).Matches(run));
        Assert.True(RunAccount.NodeFilter(Key(6)).Matches(run));
        Assert.False(RunAccount.NodeFilter(Key(5)).Matches(run));
        Assert.True(NodeAccount.AuthorityFilter(Key(7)).Matches(new NodeAccount { Authority = Key(7) }.Encode()));
        Assert.Equal(16, StakeAccount.AuthorityOffset);
    }

    [Fact]
    public void Market_UnknownQueueType_ReadsAsEmpty()
    {
        byte[] bytes = new MarketAccount { QueueType = QueueType.Node, Queue = [Vectors.Wallet] }.Encode();
        bytes[MarketAccount.QueueTypeOffset] = 7;
        Assert.Equal(QueueType.Empty, MarketAccount.Decode(bytes).QueueType);
    }

    [Fact]
    public void Market_QueueLengthBeyondTheData_IsNoMarket()
    {
        byte[] bytes = new MarketAccount { QueueType = QueueType.Node, Queue = [Vectors.Wallet] }.Encode();
        bytes[MarketAccount.QueueLengthOffset + 3] = 0x7f;
        Assert.False(MarketAccount.TryDecode(bytes, out _));
    }

    [Fact]
    public void Market_FullQueue_FitsItsAllocationAndOneMoreDoesNot()
    {
        PublicKey[] queue = [.. Enumerable.Range(0, MarketAccount.QueueCapacity).Select(i => Key((byte)i))];
        Assert.Equal(10_199, new MarketAccount { Queue = queue }.Encode().Length);
        Assert.True(new MarketAccount { Queue = [.. queue, Key(1)] }.Encode().Length > MarketAccount.AllocatedLength);
    }

    [Fact]
    public void UnknownEnumValues_WhereNobodyReads_SurviveARoundTrip()
    {
        byte[] run = new RunAccount { State = 200 }.Encode();
        Assert.Equal(run, RunAccount.Decode(run).Encode());
        byte[] job = new JobAccount { State = (JobState)9 }.Encode();
        Assert.Equal((JobState)9, JobAccount.Decode(job).State);
    }

    private static PublicKey Key(byte value) => new(Enumerable.Repeat(value, 32).ToArray());
}
