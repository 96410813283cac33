using System.Threading.Channels;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Chain;

/// <summary>Sees this host's runs, by notifications and looks of one filter, and wakes whoever waits for one. A run is told once.</summary>
internal sealed class RunWatcher(NosanaChain chain, IStreamingRpcClient? stream, HostWallet wallet, TimeProvider time, ILogger<RunWatcher> logger)
{
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(3);

    private readonly Channel<ObservedRun> _seen =
        Channel.CreateBounded<ObservedRun>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Lock _lock = new();
    /// <summary>Runs that were told, and the newest slot that showed them.</summary>
    private readonly Dictionary<PublicKey, ulong> _told = [];

    /// <summary>
    /// A wake-up with one place: the newest run that was not there before. It can be served as it is: a node that is asked for it now may not know it yet.
    /// </summary>
    public ChannelReader<ObservedRun> Seen => _seen.Reader;

    public Task WatchAsync(CancellationToken cancel) => new ChainWatch<AccountKeyPair>(
        "this host's runs", PollOnceAsync, () => stream?.SubscribeProgram(chain.Programs.Jobs, NosanaChain.RunsOf(wallet.Address)),
            Notified, PollInterval, time, logger).RunAsync(cancel);

    /// <summary>One look at the chain. Runs that are gone are forgotten, so the memory stays as small as the host's work.</summary>
    public async Task PollOnceAsync(CancellationToken cancel)
    {
        (IReadOnlyList<ObservedRun> runs, ulong slot) = await chain.LookAtRunsOfNodeAsync(wallet.Address, cancel);
        HashSet<PublicKey> listed = [.. runs.Select(run => run.Address)];
        lock (_lock)
        {
            // A look that was on its way while a notification came does not know its run.
            foreach ((PublicKey run, ulong seen) in _told.ToArray())
                if (seen <= slot && !listed.Contains(run)) _told.Remove(run);
        }
        foreach (ObservedRun run in runs) Tell(run);
    }

    private void Notified(AccountKeyPair account, ulong slot)
    {
        chain.Slots.Saw(slot);
        if (RunAccount.TryDecode(account.Account.Data, out RunAccount? run)) Tell(new ObservedRun(account.PublicKey, run, slot));
    }

    private void Tell(ObservedRun run)
    {
        lock (_lock)
        {
            bool isNew = !_told.TryGetValue(run.Address, out ulong seen);
            _told[run.Address] = Math.Max(seen, run.Slot);
            if (!isNew) return;
        }
        _seen.Writer.TryWrite(run);
    }
}
