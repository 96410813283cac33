using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Programs.Money;
using Nosana.Solana.Rpc;

namespace Nosana.Node.Operations;

/// <summary>
/// Whether the wallet's SOL is enough to take work: for what a job takes, from its place in the queue to its end. What is owed already is settled with
/// whatever is left.
/// </summary>
internal sealed partial class Funds(NosanaChain chain, JournalStore journal, HostWallet wallet, TimeProvider time, ILogger<Funds> logger)
{
    /// <summary>
    /// Lamports: <c>work</c> and <c>finish</c> with three signatures (15,000), the rent of a run (about 1,950,000, which comes back) and of a token account
    /// that a poster may have closed (2,039,280), and a reserve. It is what the official host asks for, too.
    /// </summary>
    public const ulong LeastLamports = 5_000_000;

    /// <summary>The balance is asked for so often at most while it is enough.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan WarningInterval = TimeSpan.FromHours(12), Past = TimeSpan.FromDays(7);

    private const double WarningDays = 14;

    /// <summary>What a transaction costs at most on average: two signatures, where most have one.</summary>
    private const ulong TransactionLamports = 10_000;

    private DateTimeOffset _enoughUntil, _warned = DateTimeOffset.MinValue;

    /// <returns>Why no work may be taken; null when it may, and when the chain does not answer, without which nobody takes any.</returns>
    public async Task<string?> ProblemAsync(CancellationToken cancel)
    {
        if (time.GetUtcNow() < _enoughUntil) return null;
        ulong lamports;
        try
        {
            lamports = await chain.LamportsAsync(wallet.Address, cancel);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            LogUnknown(e.Message);
            return null;
        }
        if (lamports < LeastLamports) return Shortage(wallet, lamports);
        _enoughUntil = time.GetUtcNow() + Interval;
        Warn(lamports);
        return null;
    }

    public static string Shortage(HostWallet wallet, ulong lamports) =>
        $"Wallet {wallet.Address} has {Amount.FormatSol(lamports)} SOL; at least {Amount.FormatSol(LeastLamports)} are needed for fees and rent. Send it SOL.";

    private void Warn(ulong lamports)
    {
        int sent = journal.CountTransactions(time.GetUtcNow() - Past);
        double days = (lamports - LeastLamports) / (Math.Max(sent, 1) * (double)TransactionLamports / Past.TotalDays);
        if (days > WarningDays || time.GetUtcNow() - _warned < WarningInterval) return;
        _warned = time.GetUtcNow();
        LogRunsOut(wallet.Address, Amount.FormatSol(lamports), days);
    }

    [LoggerMessage(111, LogLevel.Warning, "Wallet {Wallet} has {Sol} SOL left, enough for {Days:0.#} days of fees at the pace of the last week. Send it SOL: "
        + "without it no new job is taken")]
    private partial void LogRunsOut(string wallet, string sol, double days);

    [LoggerMessage(112, LogLevel.Debug, "The wallet's SOL is not known: {Problem}")]
    private partial void LogUnknown(string problem);
}
