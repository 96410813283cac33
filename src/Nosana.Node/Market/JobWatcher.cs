using Nosana.Node.Chain;
using Nosana.Node.Jobs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Market;

/// <summary>Watches one running job on chain: stops it when its poster ends it, and tells its deadline of extensions.</summary>
internal sealed partial class JobWatcher(
    NosanaChain chain, IStreamingRpcClient? stream, PublicKey job, JobDeadline deadline, JobControl control, TimeProvider time, ILogger<JobWatcher> logger)
{
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(4);

    private readonly Lock _lock = new();
    private int _missing;

    /// <summary>Watches until the token ends. Failures of the chain are waited out: the deadline stands whatever the chain says.</summary>
    public Task WatchAsync(CancellationToken cancel) => new ChainWatch<AccountInfo>(
        "the job's account", async token => Observe(await chain.FindJobAsync(job, token)), () => stream?.SubscribeAccountInfo(job),
        (account, _) => Observe(JobAccount.TryDecode(account.Data, out JobAccount? decoded) ? decoded : null), PollInterval, time, logger).RunAsync(cancel);

    /// <param name="account">The job as the chain has it now; null when it is gone.</param>
    public void Observe(JobAccount? account)
    {
        lock (_lock)
        {
            // A node that lags behind may not know the account yet: it counts as closed when two looks in a row miss it.
            _missing = account is null ? _missing + 1 : 0;
            if (_missing == 1) return;
        }
        if (account is null || account.State is JobState.Done or JobState.Stopped)
        {
            if (control.Reason is null) LogEnded(account is null ? "its account was closed" : "its poster ended it");
            control.Stop(StopReason.Stopped);
            return;
        }
        deadline.Observe(account.Timeout);
    }

    [LoggerMessage(410, LogLevel.Information, "The job is to stop: {Why}")]
    private partial void LogEnded(string why);
}
