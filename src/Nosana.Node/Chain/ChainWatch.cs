using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Streaming;

namespace Nosana.Node.Chain;

/// <summary>
/// Watches a part of the chain: a look at it every few seconds, and a subscription, each (re)connection of which brings another look.
/// Either alone is enough, so neither ends with the other.
/// </summary>
/// <param name="what">For the log: <c>this host's runs</c>.</param>
/// <param name="look">One look. Whatever it throws, it is tried again.</param>
/// <param name="subscribe">Null where there is nothing to subscribe to.</param>
/// <param name="notified">Takes what a notification brings, and the chain's slot that it speaks of.</param>
internal sealed partial class ChainWatch<T>(
    string what, Func<CancellationToken, Task> look, Func<ISubscription<T>?> subscribe, Action<T, ulong> notified, TimeSpan interval, TimeProvider time,
    ILogger logger)
    where T : class
{
    /// <summary>Watches until the token ends.</summary>
    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(PollAsync(cancel), StreamAsync(cancel));

    private async Task PollAsync(CancellationToken cancel)
    {
        bool failing = false;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await look(cancel);
                if (failing) LogRecovered(what);
                failing = false;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, the next look may succeed, and a watch that has ended sees nothing any more.
                if (!failing) LogFailing(what, e.Message);
                failing = true;
            }
            await Task.Delay(interval, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StreamAsync(CancellationToken cancel)
    {
        try
        {
            await using ISubscription<T>? subscription = subscribe();
            if (subscription is null) return;
            await foreach (StreamEvent<T> item in subscription.ReadAllAsync(cancel))
            {
                if (item.NeedsSnapshot) await TryLookAsync(cancel);
                else notified(item.Value!, item.Slot);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // the watch is over
        }
        catch (Exception e)
        {
            LogNoNotifications(what, e.Message); // the poll sees everything too, only a little later
        }
    }

    private async Task TryLookAsync(CancellationToken cancel)
    {
        try
        {
            await look(cancel);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            LogNoSnapshot(what, e.Message); // the poll takes it; the notifications go on
        }
    }

    [LoggerMessage(400, LogLevel.Warning, "Reading {What} from the chain fails; asking again every few seconds: {Problem}")]
    private partial void LogFailing(string what, string problem);

    [LoggerMessage(401, LogLevel.Information, "Reading {What} from the chain works again")]
    private partial void LogRecovered(string what);

    [LoggerMessage(402, LogLevel.Warning, "No notifications of {What}, polling alone: {Problem}")]
    private partial void LogNoNotifications(string what, string problem);

    [LoggerMessage(403, LogLevel.Debug, "No snapshot of {What} after a (re)connection: {Problem}")]
    private partial void LogNoSnapshot(string what, string problem);
}
