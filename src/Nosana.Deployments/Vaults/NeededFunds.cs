using System.Globalization;
using Nosana.Deployments.Strategies;
using Nosana.Programs.Money;

namespace Nosana.Deployments.Vaults;

/// <summary>What a vault must hold before something is done, as the jobs program and Solana reckon it: too little is known before anything is sent.</summary>
public static class NeededFunds
{
    // The vault's own, that of the job's account and that of the run's.
    private const int SignaturesOfListing = 3;

    /// <summary>
    /// For jobs on a market: each one's deposit, the rent of its account and of its run's, and the fees of a transaction each, which is the most that they
    /// may take.
    /// </summary>
    public static Funds ToList(Prices prices, TimeSpan timeout, int jobs = 1) => new Funds(
        JobPayment.Deposit(prices.NosPerSecond, SecondsOf(timeout)),
        prices.RentOfJob + prices.RentOfRun + prices.FeePerSignature * SignaturesOfListing + prices.PriorityFee) * jobs;

    /// <summary>For a job that may run so much longer.</summary>
    public static Funds ToExtend(Prices prices, TimeSpan more) =>
        new Funds(JobPayment.Deposit(prices.NosPerSecond, SecondsOf(more)), 0) + Transaction(prices);

    /// <summary>For jobs that are ended, delisted or recovered.</summary>
    public static Funds ToStop(Prices prices, int jobs = 1) => Transaction(prices) * jobs;

    /// <summary>
    /// For all steps of a plan, with what must stay in the vault: the rent of its own account, below which Solana refuses a transaction, and enough to stop
    /// every job there would then be.
    /// </summary>
    /// <param name="prices">Of the deployment's market.</param>
    /// <param name="plan">What is to be done.</param>
    /// <param name="timeoutOf">How long a job may run now, in all.</param>
    /// <param name="active">How many jobs there are.</param>
    public static Funds For(Prices prices, Plan plan, Func<string, TimeSpan> timeoutOf, int active)
    {
        Funds needed = default;
        int listed = 0;
        foreach (PlanStep step in plan.Steps)
        {
            needed += step switch
            {
                PlanStep.List => ToList(prices, plan.Deployment.Timeout),
                PlanStep.Extend extend => ToExtend(prices, Longer(extend)),
                _ => default,
            };
            if (step is PlanStep.List) listed++;
        }
        return needed + ToStop(prices, active + listed) + new Funds(0, prices.RentOfEmptyAccount);

        TimeSpan Longer(PlanStep.Extend extend)
        {
            TimeSpan more = extend.Timeout - timeoutOf(extend.Job);
            return more > TimeSpan.Zero ? more : TimeSpan.Zero;
        }
    }

    /// <summary>A sentence for the owner: what the vault holds, needs and lacks.</summary>
    public static string Describe(Funds needed, Funds there, string vault)
    {
        Funds missing = needed.LessWhatIsIn(there);
        string[] lacks = [.. Lack(missing.Nos, "NOS", Amount.FormatNos), .. Lack(missing.Sol, "SOL", Lamports)];
        return $"The vault {vault} lacks {string.Join(" and ", lacks)}: it holds {Amount.FormatNos(there.Nos)} NOS and {Lamports(there.Sol)} SOL, "
            + $"and {Amount.FormatNos(needed.Nos)} NOS and {Lamports(needed.Sol)} SOL are needed.";

        static IEnumerable<string> Lack(UInt128 amount, string currency, Func<UInt128, string> format) => amount > 0 ? [$"{format(amount)} {currency}"] : [];
        static string Lamports(UInt128 amount) =>
            amount <= ulong.MaxValue ? Amount.FormatSol((ulong)amount) : string.Create(CultureInfo.InvariantCulture, $"{(double)amount / 1e9:0}");
    }

    private static Funds Transaction(Prices prices) => new(0, prices.FeePerSignature + prices.PriorityFee);

    // The chain's seconds are whole: one that has begun is paid.
    private static long SecondsOf(TimeSpan time) => (long)Math.Ceiling(time.TotalSeconds);
}
