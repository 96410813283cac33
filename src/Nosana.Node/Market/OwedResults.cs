using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.Node.Journal;
using Nosana.Node.Retries;

namespace Nosana.Node.Market;

/// <summary>
/// Results of settled runs that nobody can fetch yet: the pinning service is offered them until it takes them, and then the gateways are asked until one
/// serves them. Their bytes stay here meanwhile.
/// </summary>
internal sealed partial class OwedResults(
    ResultPublisher publisher, IpfsGatewayClient gateway, JournalStore journal, TimeProvider time, ILogger<OwedResults> logger)
{
    /// <summary>So long a result may be unpinned before no new work is taken: posters who pay for what nobody can fetch must not become more.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Looks at the gateways, some minutes, after which the pinning service is offered a result again: it may have lost it.</summary>
    private const int LooksBeforeNewOffer = 5;

    private readonly Dictionary<string, Look> _looks = new(StringComparer.Ordinal);
    private DateTimeOffset _nextPins;
    private string? _pinRefusal;

    /// <summary>Why no new work is to be taken; null when nothing is owed for long.</summary>
    public string? Problem => journal.Owing(ResultDebt.Pin) is [{ } oldest, ..]
        && time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(oldest.UpdatedAt) > Patience
        ? $"the pinning service has not taken a result for over 15 minutes: check its address and credential (ipfsApi, ipfsCredentialFile). "
            + $"It said: {_pinRefusal}"
        : null;

    /// <summary>Once: every result that no service has, and one of those that no gateway was seen to serve.</summary>
    public async Task WorkAsync(CancellationToken cancel)
    {
        await OfferAsync(cancel);
        await LookAsync(cancel);
    }

    private async Task OfferAsync(CancellationToken cancel)
    {
        if (time.GetUtcNow() < _nextPins) return;
        foreach (RunRecord run in journal.Owing(ResultDebt.Pin))
        {
            ResultDebt left = ResultDebt.Gateway;
            try
            {
                if (journal.FindResult(run.Run) is { } result) await publisher.PinAsync(result, cancel);
                else left = ResultDebt.None;
            }
            catch (IpfsRejectedException e) when (e.ConcernsDocument)
            {
                LogRefused(run.Job, e.Message); // no service will have it; what the chain says of it stays
                left = ResultDebt.None;
            }
            catch (IpfsException e)
            {
                _pinRefusal = e.Message;
                LogOwed(e.Message);
                _nextPins = time.GetUtcNow() + RetryPipelines.ResultPublishing.LongestWait;
                return;
            }
            journal.SetDebt(run.Run, left);
        }
    }

    // One at a time: a gateway that is slow must not hold up what is owed on chain for long.
    private async Task LookAsync(CancellationToken cancel)
    {
        IReadOnlyList<RunRecord> owing = journal.Owing(ResultDebt.Gateway);
        foreach (string done in _looks.Keys.Except(owing.Select(run => run.Run)).ToArray()) _looks.Remove(done);
        if (owing.FirstOrDefault(run => !_looks.TryGetValue(run.Run, out Look? next) || next.Due <= time.GetUtcNow()) is not { } due) return;
        if (journal.ResultLength(due.Run) is not { } bytes || await gateway.IsServedAsync(Cid.Parse(due.ResultCid!), bytes, cancel))
        {
            journal.SetDebt(due.Run, ResultDebt.None);
            return;
        }
        int looks = (_looks.GetValueOrDefault(due.Run)?.Times ?? 0) + 1;
        _looks[due.Run] = new Look(looks, time.GetUtcNow() + RetryPipelines.ResultServing.WaitAfter(looks));
        if (looks % LooksBeforeNewOffer != 0 || journal.FindResult(due.Run) is not { } result) return;
        LogUnserved(due.Job, due.ResultCid!);
        try
        {
            await publisher.PinAsync(result, cancel);
        }
        catch (IpfsException e)
        {
            LogOwed(e.Message);
        }
    }

    /// <param name="Times">How often no gateway served it.</param>
    /// <param name="Due">When they are asked again.</param>
    private sealed record Look(int Times, DateTimeOffset Due);

    [LoggerMessage(444, LogLevel.Warning, "Results of settled runs are not pinned yet: {Problem}")]
    private partial void LogOwed(string problem);

    [LoggerMessage(445, LogLevel.Error, "The result of job {Job} is refused for good: {Problem}")]
    private partial void LogRefused(string job, string problem);

    [LoggerMessage(416, LogLevel.Warning, "The result of job {Job} is pinned as {Cid}, but no gateway serves it; it is kept here and offered again")]
    private partial void LogUnserved(string job, string cid);
}
