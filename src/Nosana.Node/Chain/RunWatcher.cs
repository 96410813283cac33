using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Chain;

/// <summary>Finds this host's runs: notifications and looks of one filter feed one channel. A run is told once.</summary>
internal sealed class RunWatcher(NosanaChain chain, IStreamingRpcClient? stream, HostWallet wallet, TimeProvider time, ILogger<RunWatcher> logger)
{
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(3);

    // Full only when the reader hangs; the poll brings what was dropped again.
    private readonly Channel<ObservedRun> _runs =
        Channel.CreateBounded<ObservedRun>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Lock _lock = new();
    private readonly HashSet<PublicKey> _told = [];

    public ChannelReader<ObservedRun> Runs => _runs.Reader;

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

    private void Notified(AccountKeyPair account)
    {
        if (RunAccount.TryDecode(account.Account.Data, out RunAccount? run)) Tell(new ObservedRun(account.PublicKey, run));
    }

    private void Tell(ObservedRun run)
    {
        lock (_lock)
            if (!_told.Add(run.Address)) return;
        _runs.Writer.TryWrite(run);
    }
}
