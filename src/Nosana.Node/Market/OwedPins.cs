using Nosana.Ipfs.Http;
using Nosana.Node.Journal;

namespace Nosana.Node.Market;

/// <summary>
/// Results of settled runs that the pinning service did not take because of this host: its credential has run out, say. They are offered again while
/// the host waits; posters who pay for results that nobody can fetch must not become more.
/// </summary>
internal sealed partial class OwedPins(IpfsPinningClient pinning, JournalStore journal, TimeProvider time, ILogger<OwedPins> logger)
{
    /// <summary>So long no new work is refused for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private DateTimeOffset? _tried;

    /// <returns>Why no new work is to be taken; null when nothing is owed for long.</returns>
    public async Task<string?> ProblemAsync(CancellationToken cancel)
    {
        if (journal.OwedPins() is not [{ } oldest, ..]) return null;
        if (_tried is null || time.GetUtcNow() - _tried >= Interval)
        {
            string? refusal = await OfferAsync(cancel);
            _tried = time.GetUtcNow();
            if (refusal is null) return null;
            LogOwed(refusal);
        }
        return time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(oldest.UpdatedAt) > Patience
            ? "the pinning service has not taken a result for over 15 minutes: check its address and credential (ipfsApi, ipfsCredentialFile)"
            : null;
    }

    private async Task<string?> OfferAsync(CancellationToken cancel)
    {
        foreach (RunRecord run in journal.OwedPins())
        {
            try
            {
                if (journal.FindResult(run.Run) is { } result) await pinning.PinJsonAsync(result, cancel);
            }
            catch (IpfsRejectedException e) when (e.ConcernsDocument)
            {
                LogRefused(run.Job, e.Message); // no service will have it; what the chain says of it stays
            }
            catch (IpfsException e)
            {
                return e.Message;
            }
            journal.DropOwedPin(run.Run);
        }
        return null;
    }

    [LoggerMessage(444, LogLevel.Warning, "Results of settled runs are not pinned yet: {Problem}")]
    private partial void LogOwed(string problem);

    [LoggerMessage(445, LogLevel.Error, "The result of job {Job} is refused for good: {Problem}")]
    private partial void LogRefused(string job, string problem);
}
