using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Market;

/// <summary>
/// Finds this host's runs: a subscription and a poll of the same filter feed one channel, and either alone is enough.
/// A run is told once.
/// </summary>
internal sealed partial class RunWatcher(NosanaChain chain, IStreamingRpcClient? stream, PublicKey node, TimeProvider time, ILogger<RunWatcher> logger)
{
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(3);

    // Full only when the reader hangs; the poll brings what was dropped again.
    private readonly Channel<ObservedRun> _runs = Channel.CreateBounded<ObservedRun>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Lock _lock = new();
    private readonly HashSet<PublicKey> _told = [];

    public ChannelReader<ObservedRun> Runs => _runs.Reader;

    public Task WatchAsync(CancellationToken cancel) => Task.WhenAll(PollAsync(cancel), StreamAsync(cancel));

    /// <summary>One look at the chain. Runs that are gone are forgotten, so the memory stays as small as the host's work.</summary>
    public async Task PollOnceAsync(CancellationToken cancel)
    {
        IReadOnlyList<ObservedRun> runs = await chain.RunsOfNodeAsync(node, cancel);
        lock (_lock) _told.IntersectWith(runs.Select(run => run.Address));
        foreach (ObservedRun run in runs) Tell(run);
    }

    private async Task PollAsync(CancellationToken cancel)
    {
        bool failing = false;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await PollOnceAsync(cancel);
                if (failing) LogPollRecovered();
                failing = false;
                await Task.Delay(PollInterval, time, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, the next look may succeed, and a watcher that has ended would cost every job a minute.
                if (!failing) LogPollFailing(e.Message);
                failing = true;
                await Task.Delay(PollInterval, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task StreamAsync(CancellationToken cancel)
    {
        if (stream is null) return;
        try
        {
            await using ISubscription<AccountKeyPair> subscription = stream.SubscribeProgram(chain.Programs.Jobs, NosanaChain.RunsOf(node));
            await foreach (StreamEvent<AccountKeyPair> item in subscription.ReadAllAsync(cancel))
            {
                if (item.NeedsSnapshot) await TryPollOnceAsync(cancel);
                else if (RunAccount.TryDecode(item.Value!.Account.Data, out RunAccount? run)) Tell(new ObservedRun(item.Value.PublicKey, run));
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // the agent is exiting
        }
        catch (Exception e)
        {
            LogStreamRefused(e.Message); // the poll finds every run too, only a little later
        }
    }

    private async Task TryPollOnceAsync(CancellationToken cancel)
    {
        try
        {
            await PollOnceAsync(cancel);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            LogSnapshotFailed(e.Message); // the poll takes it; the notifications go on
        }
    }

    private void Tell(ObservedRun run)
    {
        lock (_lock)
            if (!_told.Add(run.Address)) return;
        _runs.Writer.TryWrite(run);
    }

    [LoggerMessage(400, LogLevel.Warning, "The chain does not answer; asking again every few seconds: {Problem}")]
    private partial void LogPollFailing(string problem);

    [LoggerMessage(401, LogLevel.Information, "The chain answers again")]
    private partial void LogPollRecovered();

    [LoggerMessage(402, LogLevel.Warning, "No notifications of runs, polling alone: {Problem}")]
    private partial void LogStreamRefused(string problem);

    [LoggerMessage(403, LogLevel.Debug, "No snapshot of the runs after a (re)connection: {Problem}")]
    private partial void LogSnapshotFailed(string problem);
}
