using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Programs;
using Nosana.LocalNet.Runtime;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;
using Nosana.Solana.Rpc.Builders;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using TransactionError = Nosana.LocalNet.Runtime.TransactionError;
using Nosana.Testing;
using static Nosana.LocalNet.Tests.Scenarios.JobsScenario;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>The programs on mainnet's addresses, on both networks' at once, with the fee of old, and called with really signed bytes.</summary>
public sealed class BuildVariantTests
{
    [Fact]
    public void Mainnet_AJobsLife_WorksOnItsAddresses()
    {
        var s = new JobsScenario(openMarket: true, network: ProgramAddresses.Mainnet);
        Assert.Equal(ProgramAddresses.Mainnet.Jobs, s.Chain.Bank.GetAccount(s.Market)!.Owner);
        (PublicKey job, PublicKey run) = s.Running(node: s.N1, authority: s.U2);
        s.Chain.Advance(3);
        s.Moves(() => s.Finish(job, run), vault: -(long)Deposit, n1: 3_000_000, u2: 2_000_000);
    }

    [Fact]
    public void BothNetworks_OnOneChain_KeepTheirMintsApart()
    {
        ProgramAddresses mainnet = ProgramAddresses.Mainnet, devnet = ProgramAddresses.Devnet;
        var time = new ManualTimeProvider();
        var bank = new Bank(new BankOptions
        {
            TimeProvider = time,
            Programs = [new SystemProgram(), new TokenProgram(), new AssociatedTokenProgram(), .. NosanaProgramSet.Create([mainnet, devnet])],
        });
        bank.SetAccounts(GenesisAccounts.Shared([mainnet, devnet], TestChain.Administrator));
        PublicKey wallet = TestChain.Administrator;
        bank.SetAccount(wallet, new AccountState(TestChain.Sol * 100, default, default));
        foreach (ProgramAddresses network in new[] { mainnet, devnet })
        {
            bank.SetAccounts([GenesisAccounts.NosAccount(network, wallet, Balance)]);
            var staking = new StakingInstructions(network);
            TransactionResult staked = bank.Execute(wallet, staking.Stake(wallet, 1_000, StakeWeight.DurationMin), staking.Topup(wallet, 500));
            Assert.Null(staked.Error);
            PublicKey market = network == mainnet ? Key(1) : Key(2), job = network == mainnet ? Key(3) : Key(4), run = network == mainnet ? Key(5) : Key(6);
            var jobs = new JobsInstructions(network);
            Assert.Null(bank.Execute(wallet, jobs.Open(market, wallet, new MarketAccount { JobPrice = 10, JobType = JobType.Gpu })).Error);
            Assert.Null(bank.Execute(wallet, jobs.List(job, market, run, wallet, Definition, 60)).Error);
            Assert.Equal(600UL, TokenAccountData.Read(bank.GetAccount(network.MarketVault(market).Address)!.Data.Span).Amount);
            TransactionResult worked = bank.Execute(wallet, jobs.Work(run, market, wallet));
            Assert.True(worked.Error is null, string.Join('\n', worked.Logs));

            // The other network's mint is none of this one's business.
            ProgramAddresses other = network == mainnet ? devnet : mainnet;
            TransactionResult wrong = bank.Execute(wallet, new JobsInstructions(other with { Jobs = network.Jobs }).Open(Key(9), wallet, new MarketAccount()));
            Assert.Equal((uint)CommonError.InvalidMint, ProgramError.FromLogs(wrong.Logs) is { Account: "mint" } error ? (uint)error.Number : 0);
        }
    }

    [Fact]
    public void FeeDivisorTen_ListAndExtend_PayATenthOnTopToTheStakers()
    {
        var s = new JobsScenario(openMarket: true, feeDivisor: 10);
        s.Chain.Send(s.M, s.Chain.Rewards.Enter(s.M));
        PublicKey rewards = s.Chain.Addresses.RewardsVault().Address;
        PublicKey job = default;
        s.Moves(() => (job, _) = s.List(authority: s.U2), vault: 5_000_000, u2: -5_500_000);
        Assert.Equal(500_000UL, s.Chain.Tokens(rewards));
        s.Moves(() => s.Chain.Send(s.U2, s.Chain.Jobs.Extend(job, s.Market, s.U2, s.U2, Extended)), vault: 10_000_000, u2: -11_000_000);
        Assert.Equal(1_500_000UL, s.Chain.Tokens(rewards));
        // The fee is gone for good: only the deposit comes back.
        s.Moves(() => s.Chain.Send(s.U2, s.Chain.Jobs.Delist(job, s.Market, s.U2, s.U2)), vault: -15_000_000, u2: 15_000_000);
        s.Chain.Send(s.M, s.Chain.Rewards.Claim(s.M));
        Assert.InRange(s.Chain.Tokens(rewards), 0UL, 1UL);
    }

    [Fact]
    public void SignedBytes_FromListToFinish_AreAcceptedAndAForgedOneIsNot()
    {
        using Account poster = new(), host = new(), job = new(), run = new(), unused = new(), other = new();
        var s = new JobsScenario(openMarket: true);
        foreach (Account wallet in new[] { poster, host })
        {
            s.Chain.Fund(wallet.PublicKey);
            s.Chain.GiveNos(wallet.PublicKey, Balance);
            s.Chain.Bank.SetAccounts(GenesisAccounts.Stake(s.Chain.Addresses, wallet.PublicKey, XnosMinimum));
        }
        Send(s.Chain.Jobs.List(job.PublicKey, s.Market, unused.PublicKey, poster.PublicKey, Definition, JobTimeout), poster, job, unused);
        Send(s.WorkCall(host.PublicKey, run.PublicKey), host, run);
        s.Chain.Advance(2);

        Transaction finish = Transaction(s.FinishCall(job.PublicKey, run.PublicKey), host);
        byte[] forged = finish.Serialize();
        forged[10] ^= 1;
        Assert.Equal(TransactionError.SignatureFailure, s.Chain.Bank.Send(WireDecoder.Decode(forged), preflight: true).Error);
        Assert.Null(s.Chain.Bank.Send(WireDecoder.Decode(finish.Serialize()), preflight: true).Error);
        Assert.Equal(TransactionError.AlreadyProcessed, s.Chain.Bank.Send(WireDecoder.Decode(finish.Serialize()), preflight: true).Error);
        Assert.Equal((Balance + 2_000_000, Balance - 2_000_000), (s.Chain.Nos(host.PublicKey), s.Chain.Nos(poster.PublicKey)));

        void Send(TransactionInstruction call, params Account[] signers)
        {
            TransactionResult result = s.Chain.Bank.Send(WireDecoder.Decode(Transaction(call, signers).Serialize()), preflight: true);
            Assert.True(result.Error is null, $"{result.Error}\n{string.Join('\n', result.Logs)}");
        }

        Transaction Transaction(TransactionInstruction call, params Account[] signers) =>
            new TransactionBuilder().SetRecentBlockHash(s.Chain.Bank.LatestBlockhash().Hash.Key).AddInstruction(call).BuildTransaction(signers);
    }

    private static PublicKey Key(byte number) => new([.. Enumerable.Repeat((byte)0xbb, 31), number]);
}
