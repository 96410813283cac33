using Polly;
using Polly.Retry;

namespace Nosana.Node.Retries;

/// <summary>
/// Everything that the agent tries again, by name. Only the chain's endpoints and IPFS gateways, which are chosen from at each try, have rules of
/// their own.
/// </summary>
internal static class RetryPipelines
{
    /// <summary>An engine that went away: an upgrade of it takes less than a minute. Waits for a container's end go on for ever.</summary>
    public static readonly RetryTerms EngineAway = new("engine away", TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    /// <summary>The same, where something else waits for the outcome.</summary>
    public static readonly RetryTerms EngineAwayForAWhile = EngineAway with { Patience = TimeSpan.FromMinutes(1) };

    /// <summary>The output of a container broke off.</summary>
    public static readonly RetryTerms LogAttachment = new("log attachment", TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    /// <summary>A result that the pinning service does not take: finished work is never given up.</summary>
    public static readonly RetryTerms ResultPublishing = new("result publishing", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>A look whether a gateway serves a result that is pinned.</summary>
    public static readonly RetryTerms ResultServing = new("result serving", TimeSpan.FromSeconds(15), TimeSpan.FromHours(1));

    /// <summary>A transaction that ends a run, while the chain cannot be reached or has not taken it.</summary>
    public static readonly RetryTerms RunSettlement = new("run settlement", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>A transaction that ends a run and that the chain has refused several times in a row.</summary>
    public static readonly RetryTerms ParkedSettlement = new("parked settlement", TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));

    /// <summary>A start that something keeps from going on that will be over: an engine that is not up yet, a chain that does not answer.</summary>
    public static readonly RetryTerms Start = new("start", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>A tunnel to the network's ingress that ended: the network counts one that is not back within a minute as lost.</summary>
    public static readonly RetryTerms Tunnel = new("tunnel", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>A turn of the market's loop.</summary>
    public static readonly RetryTerms MarketTurn = new("market turn", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>A slot that cannot serve stays out of its market's queue.</summary>
    public static readonly RetryTerms QueueBackOff = new("queue back-off", TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));

    /// <summary>
    /// A pull from a registry that does not answer, or falls silent: as long as anything may stand still. A job's own patience ends before.
    /// </summary>
    public static readonly RetryTerms ImagePull =
        new("image pull", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), Patience: TimeSpan.FromMinutes(10));

    /// <summary>The same where a person waits, who would rather correct a name.</summary>
    public static readonly RetryTerms ImagePullInFrontOfAPerson = ImagePull with { Tries = 8, Patience = null };

    /// <summary>A layer that broke off.</summary>
    public static readonly RetryTerms LayerResume = new("layer resume", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), Tries: 8);

    /// <summary>A download of a resource whose source does not answer: until it has stood still for as long as it may.</summary>
    public static readonly RetryTerms ResourceDownload = new("resource download", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>An image or resource that the market wants ready and that cannot be had.</summary>
    public static readonly RetryTerms Prefetch = new("prefetch", TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));

    /// <summary>The process that speaks SSH, when it has ended.</summary>
    public static readonly RetryTerms SshProcess = new("SSH process", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>An endpoint of a confidential job's owner: the official host's four tries, ten seconds apart.</summary>
    public static readonly RetryTerms OwnerEndpoint = new("owner endpoint", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), Tries: 4);

    /// <param name="handles">Which failures another try may mend.</param>
    /// <param name="retrying">Told of each failure and the wait that follows it.</param>
    /// <param name="progress">Grows while tries get on; failures are counted anew when it has grown.</param>
    /// <returns>A pipeline for one operation: its count of failures begins with it.</returns>
    public static ResiliencePipeline Create(
        RetryTerms terms, TimeProvider time, Func<Exception, bool> handles, Action<Exception, TimeSpan>? retrying = null, Func<long>? progress = null)
    {
        int failures = 0;
        long reached = progress?.Invoke() ?? 0;
        long began = time.GetTimestamp();
        bool TryAgain(Exception exception)
        {
            if (!handles(exception)) return false;
            if (progress?.Invoke() is { } now && now > reached) (failures, reached, began) = (0, now, time.GetTimestamp());
            failures++;
            return failures < (terms.Tries ?? int.MaxValue) && (terms.Patience is null || time.GetElapsedTime(began) < terms.Patience);
        }
        return new ResiliencePipelineBuilder { Name = terms.Name, TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } exception && TryAgain(exception)),
            DelayGenerator = _ => ValueTask.FromResult<TimeSpan?>(terms.WaitAfter(failures)),
            OnRetry = args =>
            {
                retrying?.Invoke(args.Outcome.Exception!, args.RetryDelay);
                return ValueTask.CompletedTask;
            },
        }).Build();
    }
}

/// <summary>How something is tried again: the wait after a failure doubles up to a limit, and progress begins it anew.</summary>
/// <param name="Name">What is tried, for telemetry.</param>
/// <param name="FirstWait">After the first failure.</param>
/// <param name="LongestWait">No wait is longer.</param>
/// <param name="Tries">Failures in a row after which it is given up; null tries for ever.</param>
/// <param name="Patience">It is given up, too, this long after the first try, or after the last progress; null for no such limit.</param>
internal sealed record RetryTerms(string Name, TimeSpan FirstWait, TimeSpan LongestWait, int? Tries = null, TimeSpan? Patience = null)
{
    /// <param name="failures">In a row, from 1.</param>
    public TimeSpan WaitAfter(int failures)
    {
        double doubled = FirstWait.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 40));
        return doubled < LongestWait.TotalMilliseconds ? TimeSpan.FromMilliseconds(doubled) : LongestWait;
    }
}
