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
    private readonly HashSet<PublicKey> _told = [];

    /// <summary>
    /// A wake-up with one place: the newest run that was not there before. Which runs there are is asked of the chain, by its slot: an answer from
    /// before <see cref="ObservedRun.Slot"/> does not know the run.
    /// </summary>
    public ChannelReader<ObservedRun> Seen => _seen.Reader;

    public Task WatchAsync(CancellationToken cancel) => new ChainWatch<AccountKeyPair>(
        "this host's runs", PollOnceAsync, () => stream?.SubscribeProgram(chain.Programs.Jobs, NosanaChain.RunsOf(wallet.Address)),
            Notified, PollInterval, time, logger).RunAsync(cancel);

    /// <summary>One look at the chain. Runs that are gone are forgotten, so the memory stays as small as the host's work.</summary>
    public async Task PollOnceAsync(CancellationToken cancel)
    {
        IReadOnlyList<ObservedRun> runs = await chain.RunsOfNodeAsync(wallet.Address, cancel);
        lock (_lock) _told.IntersectWith(runs.Select(run => run.Address));
        foreach (ObservedRun run in runs) Tell(run);
    }

    private void Notified(AccountKeyPair account, ulong slot)
    {
        if (RunAccount.TryDecode(account.Account.Data, out RunAccount? run)) Tell(new ObservedRun(account.PublicKey, run, slot));
    }

    private void Tell(ObservedRun run)
    {
        lock (_lock)
            if (!_told.Add(run.Address)) return;
        _seen.Writer.TryWrite(run);
    }
}
