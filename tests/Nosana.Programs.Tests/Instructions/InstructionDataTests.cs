using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;
using Nosana.Solana.Rpc.Models;

namespace Nosana.Programs.Tests.Instructions;

public sealed class InstructionDataTests
{
    private static readonly JobsInstructions Jobs = new(ProgramAddresses.Mainnet);

    private static readonly MarketAccount Terms = new() { JobExpiration = 86_400, JobPrice = 43, JobTimeout = 7200, JobType = JobType.Gpu, NodeXnosMinimum = 10_000_000_000 };

    [Theory]
    [InlineData("jobs", "open", "e4dc9b47c7bd3c2d")]
    [InlineData("jobs", "update", "dbc858b09e3ffd7f")]
    [InlineData("jobs", "close", "62a5c9b16c41ce60")]
    [InlineData("jobs", "close_admin", "cab6b98ed0a191bd")]
    [InlineData("jobs", "assign", "49427dcb51294087")]
    [InlineData("jobs", "list", "36aec14311298426")]
    [InlineData("jobs", "delist", "3788cd6b6bad041f")]
    [InlineData("jobs", "recover", "6cd8263a6d927411")]
    [InlineData("jobs", "extend", "e47f0001e39a36a8")]
    [InlineData("jobs", "end", "b4a0f9d9c2794610")]
    [InlineData("jobs", "work", "0f432dc3d789e52f")]
    [InlineData("jobs", "stop", "2a85203cabfdb89b")]
    [InlineData("jobs", "claim", "3ec6d6c1d59f6cd2")]
    [InlineData("jobs", "complete", "004de0938819584c")]
    [InlineData("jobs", "finish", "434aaa847de9b625")]
    [InlineData("jobs", "quit", "bf678df050816799")]
    [InlineData("jobs", "quit_admin", "67ee6e08b61438c4")]
    [InlineData("jobs", "clean", "fabf388096fb0167")]
    [InlineData("jobs", "clean_admin", "f55abc44fdebab69")]
    [InlineData("staking", "init", "dc3bcfec6cfa2f64")]
    [InlineData("staking", "stake", "ceb0ca12c8d1b36c")]
    [InlineData("staking", "unstake", "5a5f6b2acd7c32e1")]
    [InlineData("staking", "restake", "61a1f1a70620d535")]
    [InlineData("staking", "topup", "7e2a314ee197634d")]
    [InlineData("staking", "extend", "e47f0001e39a36a8")]
    [InlineData("staking", "withdraw", "b712469c946da122")]
    [InlineData("staking", "close", "62a5c9b16c41ce60")]
    [InlineData("staking", "slash", "cc8d12a108b15c8e")]
    [InlineData("staking", "update_settings", "51a633d59e549d6c")]
    [InlineData("rewards", "init", "dc3bcfec6cfa2f64")]
    [InlineData("rewards", "enter", "8b31d172585b4d86")]
    [InlineData("rewards", "add_fee", "43e1bdd4fd7b4c70")]
    [InlineData("rewards", "claim", "3ec6d6c1d59f6cd2")]
    [InlineData("rewards", "sync", "04db28a4159dbd58")]
    [InlineData("rewards", "close", "62a5c9b16c41ce60")]
    [InlineData("nodes", "register", "d37c430fd3c2b2f0")]
    [InlineData("nodes", "update", "dbc858b09e3ffd7f")]
    [InlineData("nodes", "audit", "73eb2601733ada51")]
    [InlineData("pools", "open", "e4dc9b47c7bd3c2d")]
    [InlineData("pools", "claim_fee", "a9204f8988e84689")]
    [InlineData("pools", "claim_transfer", "cab23abee6eae511")]
    [InlineData("pools", "close", "62a5c9b16c41ce60")]
    [InlineData("pools", "update_beneficiary", "7e7adb46bc7ef37e")]
    public void Discriminator_OfInstruction_MatchesTheSpecification(string program, string instruction, string hex)
    {
        ProgramLayout layout = Program(program);
        Assert.Equal(hex, layout[instruction].Discriminator.ToArray().Hex());
        Assert.True(layout.TryFind(Convert.FromHexString(hex), out InstructionLayout? found));
        Assert.Equal(instruction, found.Name);
    }

    [Fact]
    public void Programs_All_HaveTheSpecifiedNumberOfInstructions() =>
        Assert.Equal([19, 10, 6, 3, 5], new[] { "jobs", "staking", "rewards", "nodes", "pools" }.Select(p => Program(p).Instructions.Count));

    [Fact]
    public void Data_OfVectors_MatchByteForByte()
    {
        var (market, job, run, wallet) = (Vectors.Market, Vectors.Job, Vectors.Run, Vectors.Wallet);
        Assert.Equal($"36aec14311298426{Vectors.DigestHex}201c000000000000", Jobs.List(job, market, run, wallet, Vectors.Digest, 7200).Data.Hex());
        Assert.Equal($"49427dcb51294087{Vectors.DigestHex}201c000000000000", Jobs.Assign(job, market, run, wallet, wallet, Vectors.Digest, 7200).Data.Hex());
        Assert.Equal("e47f0001e39a36a8302a000000000000", Jobs.Extend(job, market, wallet, wallet, 10_800).Data.Hex());
        Assert.Equal($"434aaa847de9b625{Vectors.DigestHex}", Jobs.Finish(job, market, run, wallet, Vectors.Digest, wallet, wallet, wallet, wallet).Data.Hex());
        Assert.Equal($"004de0938819584c{Vectors.DigestHex}", Jobs.Complete(job, wallet, Vectors.Digest).Data.Hex());
        Assert.Equal("e4dc9b47c7bd3c2d80510100000000002b00000000000000201c0000000000000400e40b54020000000000000000000000", Jobs.Open(market, wallet, Terms).Data.Hex());
        Assert.Equal("dbc858b09e3ffd7f80510100000000002b000000000000000400e40b54020000000000000000000000201c000000000000", Jobs.Update(market, wallet, Terms).Data.Hex());
        Assert.Equal("ceb0ca12c8d1b36c000000000000000000751200000000000000000000000000", new StakingInstructions(ProgramAddresses.Mainnet).Stake(wallet, 0, 1_209_600).Data.Hex());
        Assert.Equal("0f432dc3d789e52f", Jobs.Work(run, market, wallet).Data.Hex());
        Assert.Equal("2a85203cabfdb89b", Jobs.Stop(market, wallet).Data.Hex());
        Assert.Equal("bf678df050816799", Jobs.Quit(job, run, wallet).Data.Hex());
        Assert.Equal("3ec6d6c1d59f6cd2", Jobs.Claim(job, run, market, wallet).Data.Hex());
        Assert.Equal("b4a0f9d9c2794610", Jobs.End(job, market, run, wallet, wallet, wallet, wallet).Data.Hex());
    }

    [Fact]
    public void TryDecode_EncodedArguments_GivesThemBack()
    {
        TransactionInstruction open = Jobs.Open(Vectors.Market, Vectors.Wallet, Terms);
        Assert.True(NosanaPrograms.TryDecode(ProgramAddresses.Mainnet, open, out DecodedInstruction? decoded));
        Assert.Equal("open", decoded.Name);
        Assert.Equal(86_400L, decoded.Argument<long>("job_expiration"));
        Assert.Equal(43UL, decoded.Argument<ulong>("job_price"));
        Assert.Equal(7200L, decoded.Argument<long>("job_timeout"));
        Assert.Equal((byte)4, decoded.Argument<byte>("job_type"));
        Assert.Equal((UInt128)10_000_000_000, decoded.Argument<UInt128>("node_xnos_minimum"));
        Assert.Equal(Vectors.Wallet, decoded.Account(open, "authority"));
        Assert.Null(decoded.Account(open with { Keys = [] }, "authority"));

        TransactionInstruction register = new NodesInstructions(ProgramAddresses.Devnet).Register(Vectors.Wallet, new NodeAccount { Country = 528, Cpu = 8, Endpoint = "http://é", Version = "1" });
        Assert.True(NosanaPrograms.TryDecode(ProgramAddresses.Devnet, register, out decoded));
        Assert.Equal("register(architecture: 0, country: 528, cpu: 8, gpu: 0, memory: 0, iops: 0, storage: 0, endpoint: http://é, icon: , version: 1)", decoded.ToString());
    }

    [Fact]
    public void TryDecode_TrailingBytes_AreIgnoredAndMissingOnesAreNot()
    {
        byte[] data = Jobs.List(Vectors.Job, Vectors.Market, Vectors.Run, Vectors.Wallet, Vectors.Digest, 7200).Data;
        Assert.True(JobsLayout.Program.TryDecode([.. data, 1, 2, 3], out DecodedInstruction? decoded));
        Assert.Equal(7200L, decoded.Argument<long>("timeout"));
        Assert.False(JobsLayout.Program.TryDecode(data.AsSpan(0, data.Length - 1), out _));
        Assert.False(JobsLayout.Program.TryDecode(data.AsSpan(0, 7), out _));
        Assert.False(JobsLayout.Program.TryDecode("notknown"u8, out _));
    }

    [Fact]
    public void Encode_WrongArguments_AreRefusedByName()
    {
        Assert.Contains("'timeout'", Assert.Throws<ArgumentException>(() => JobsLayout.Extend.Encode("soon")).Message);
        Assert.Contains("'ipfs_result'", Assert.Throws<ArgumentException>(() => JobsLayout.Complete.Encode(new byte[31])).Message);
        Assert.Throws<ArgumentException>(() => JobsLayout.Extend.Encode());
        Assert.Throws<ArgumentException>(() => JobsLayout.Quit.Build(ProgramAddresses.Mainnet.Jobs, [Vectors.Job]));
        Assert.Throws<ArgumentException>(() => JobsLayout.Quit.IndexOf("market"));
    }

    private static ProgramLayout Program(string name) => name switch
    {
        "jobs" => JobsLayout.Program,
        "staking" => StakingLayout.Program,
        "rewards" => RewardsLayout.Program,
        "nodes" => NodesLayout.Program,
        _ => PoolsLayout.Program,
    };
}
