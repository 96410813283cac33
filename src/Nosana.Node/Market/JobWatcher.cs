using Nosana.Node.Chain;
using Nosana.Node.Jobs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Market;

/// <summary>Watches one running job on chain: stops it when its poster ends it, and tells its deadline of extensions.</summary>
internal sealed partial class JobWatcher
{
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(4);

    private readonly NosanaChain _chain;
    private readonly IStreamingRpcClient? _stream;
    private readonly PublicKey _job;
    private readonly JobDeadline _deadline;
    private readonly JobControl _control;
    private readonly TimeProvider _time;
    private readonly ILogger<JobWatcher> _logger;
    private readonly Absence _account;
    private readonly Lock _lock = new();
    private ulong _newest;

    /// <param name="deadline">Gets its last look from here.</param>
    public JobWatcher(
        NosanaChain chain, IStreamingRpcClient? stream, PublicKey job, JobDeadline deadline, JobControl control, TimeProvider time, ILogger<JobWatcher> logger)
    {
        (_chain, _stream, _job, _deadline, _control, _time, _logger) = (chain, stream, job, deadline, control, time, logger);
        _account = new Absence(time);
        deadline.LastLook = LookWithClockAsync;
    }

    /// <summary>Watches until the token ends. Failures of the chain are waited out: the deadline stands whatever the chain says.</summary>
    public Task WatchAsync(CancellationToken cancel) => new ChainWatch<AccountInfo>(
        "the job's account", LookAsync, () => _stream?.SubscribeAccountInfo(_job), Notified, PollInterval, _time, _logger).RunAsync(cancel);

    /// <param name="account">The job as the chain had it; null when it was not there.</param>
    /// <param name="slot">At which.</param>
    public void Observe(JobAccount? account, ulong slot)
    {
        lock (_lock)
        {
            if (slot < _newest) return; // overtaken by a newer look
            _newest = slot;
        }
        if (account is not null) _account.Found();
        else if (!_account.Missed(slot)) return;
        if (account is null || account.State is JobState.Done or JobState.Stopped)
        {
            if (_control.Reason is null) LogEnded(account is null ? "its account was closed" : "its poster ended it");
            _control.Stop(StopReason.Stopped);
            return;
        }
        _deadline.Observe(account.Timeout);
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        ChainLook<JobAccount?> look = await _chain.LookAtJobAsync(_job, cancel);
        Observe(look.Value, look.Slot);
    }

    private void Notified(AccountInfo account, ulong slot)
    {
        _chain.Slots.Saw(slot);
        Observe(JobAccount.TryDecode(account.Data, out JobAccount? decoded) ? decoded : null, slot);
    }

    private async Task<DateTimeOffset?> LookWithClockAsync(CancellationToken cancel)
    {
        try
        {
            ChainLook<(JobAccount? Job, DateTimeOffset Time)> look = await _chain.LookAtJobAndClockAsync(_job, cancel);
            _deadline.Clock.Observe(look.Value.Time);
            Observe(look.Value.Job, look.Slot);
            return look.Value.Time;
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            LogNoLastLook(e.Message);
            return null;
        }
    }

    [LoggerMessage(410, LogLevel.Information, "The job is to stop: {Why}")]
    private partial void LogEnded(string why);

    [LoggerMessage(415, LogLevel.Warning, "The chain does not say whether the job was extended: its time is up as far as it is known. {Problem}")]
    private partial void LogNoLastLook(string problem);
}
