using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Tests.Scenarios;

/// <summary>
/// The stage of the jobs scenarios: one market that asks for an access key, and five wallets. <see cref="M"/> is its authority, a project,
/// a payer and a node at once, so that payout and refund land in one account; the others are nodes and users.
/// </summary>
internal sealed class JobsScenario
{
    public const ulong Price = 1_000_000;
    public const long JobTimeout = 5;
    public const long Extended = 15;
    public const long Expiration = 5;
    public const ulong XnosMinimum = 10_000_000_000;
    public const ulong Deposit = Price * (ulong)JobTimeout;
    public const ulong Balance = 1_000_000_000;

    public static readonly byte[] Definition = [.. Enumerable.Repeat((byte)0x11, 32)];
    public static readonly byte[] Result = [.. Enumerable.Repeat((byte)0x22, 32)];

    private readonly HashSet<PublicKey> _openMarkets = [];

    public JobsScenario(bool openMarket = false, ulong price = Price, long expiration = Expiration, JobType type = JobType.Small, ProgramAddresses? network = null,
        ulong feeDivisor = 0, bool rejectDuplicates = true)
    {
        Chain = new TestChain(network, feeDivisor, rejectDuplicates);
        M = TestChain.Administrator;
        Chain.GiveNos(M, Balance);
        Chain.Bank.SetAccounts(GenesisAccounts.Stake(Chain.Addresses, M, XnosMinimum));
        N1 = Chain.NewWallet(nos: Balance, stake: XnosMinimum);
        N2 = Chain.NewWallet(nos: Balance, stake: XnosMinimum);
        U2 = Chain.NewWallet(nos: Balance);
        Terms = new MarketAccount { JobExpiration = expiration, JobPrice = price, JobTimeout = JobTimeout, JobType = type, NodeXnosMinimum = XnosMinimum };
        if (!openMarket)
        {
            Keys = new AccessKeys(Chain);
            foreach (PublicKey wallet in new[] { M, N1, N2 }) Keys.Give(wallet);
            Terms = Terms with { NodeAccessKey = Keys.Collection };
        }
        Market = Open(Terms);
    }

    public TestChain Chain { get; }

    public AccessKeys? Keys { get; }

    public PublicKey M { get; }

    public PublicKey N1 { get; }

    public PublicKey N2 { get; }

    public PublicKey U2 { get; }

    public MarketAccount Terms { get; }

    public PublicKey Market { get; }

    public PublicKey Vault => VaultOf(Market);

    public MarketAccount State => Chain.Read<MarketAccount>(Market);

    public JobAccount Job(PublicKey job) => Chain.Read<JobAccount>(job);

    public RunAccount Run(PublicKey run) => Chain.Read<RunAccount>(run);

    public PublicKey Nos(PublicKey wallet) => Chain.Addresses.NosTokenAccount(wallet);

    public PublicKey VaultOf(PublicKey market) => Chain.Addresses.MarketVault(market).Address;

    public PublicKey Open(MarketAccount terms)
    {
        PublicKey market = Chain.NewKey();
        Chain.Send(M, Chain.Jobs.Open(market, M, terms));
        if (terms.IsOpenMarket) _openMarkets.Add(market);
        return market;
    }

    public TransactionInstruction WorkCall(PublicKey wallet, PublicKey run, PublicKey? market = null)
    {
        PublicKey at = market ?? Market;
        return Keys is null || _openMarkets.Contains(at)
            ? Chain.Jobs.Work(run, at, wallet)
            : Chain.Jobs.Work(run, at, wallet, nft: Keys.TokenAccountOf(wallet), metadata: Keys.MetadataOf(wallet));
    }

    /// <summary>A node works; the address of the run key, whether or not a run came of it.</summary>
    public PublicKey Work(PublicKey wallet, PublicKey? market = null)
    {
        PublicKey run = Chain.NewKey();
        Chain.Send(wallet, WorkCall(wallet, run, market));
        return run;
    }

    public (PublicKey Job, PublicKey Run) List(PublicKey? authority = null, PublicKey? payer = null, long timeout = JobTimeout, PublicKey? market = null)
    {
        PublicKey job = Chain.NewKey(), run = Chain.NewKey();
        Chain.Send(payer ?? authority ?? M, Chain.Jobs.List(job, market ?? Market, run, authority ?? M, Definition, timeout, payer: payer));
        return (job, run);
    }

    /// <summary>A job listed, and a node at work on it.</summary>
    public (PublicKey Job, PublicKey Run) Running(PublicKey? node = null, PublicKey? authority = null, PublicKey? payer = null, long timeout = JobTimeout)
    {
        (PublicKey job, _) = List(authority, payer, timeout);
        return (job, Work(node ?? M));
    }

    public (PublicKey Job, PublicKey Run) Finished(PublicKey? node = null)
    {
        (PublicKey job, PublicKey run) = Running(node);
        Finish(job, run);
        return (job, run);
    }

    /// <summary>A job whose only node gave it up.</summary>
    public PublicKey Stopped(PublicKey? payer = null)
    {
        (PublicKey job, PublicKey run) = Running(payer: payer);
        Chain.Send(M, Chain.Jobs.Quit(job, run, M));
        return job;
    }

    public TransactionInstruction FinishCall(PublicKey job, PublicKey run, byte[]? result = null) => Chain.Jobs.Finish(job, Job(job), run, Run(run), result ?? Result);

    public void Finish(PublicKey job, PublicKey run) => Chain.Send(Run(run).Node, FinishCall(job, run));

    public TransactionInstruction EndCall(PublicKey job, PublicKey run, PublicKey? authority = null) => Chain.Jobs.End(job, Job(job), run, Run(run), authority ?? M);

    public TransactionInstruction ClaimCall(PublicKey job, PublicKey run, PublicKey wallet) => Keys is null
        ? Chain.Jobs.Claim(job, run, Market, wallet)
        : Chain.Jobs.Claim(job, run, Market, wallet, nft: Keys.TokenAccountOf(wallet), metadata: Keys.MetadataOf(wallet));

    public PublicKey Claim(PublicKey job, PublicKey wallet)
    {
        PublicKey run = Chain.NewKey();
        Chain.Send(wallet, ClaimCall(job, run, wallet));
        return run;
    }

    /// <summary>Type and length of the market's queue.</summary>
    public void AssertQueue(QueueType type, params PublicKey[] queue)
    {
        MarketAccount market = State;
        Assert.Equal(type, market.QueueType);
        Assert.Equal(queue, market.Queue);
    }

    /// <summary>Runs an action and holds the changes of NOS balances against these, in micro-NOS.</summary>
    public void Moves(Action action, long vault = 0, long m = 0, long n1 = 0, long u2 = 0)
    {
        (long, long, long, long) Read() => ((long)Chain.Tokens(Vault), (long)Chain.Nos(M), (long)Chain.Nos(N1), (long)Chain.Nos(U2));
        var before = Read();
        action();
        var after = Read();
        Assert.Equal((vault, m, n1, u2), (after.Item1 - before.Item1, after.Item2 - before.Item2, after.Item3 - before.Item3, after.Item4 - before.Item4));
    }
}
