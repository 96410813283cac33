using System.Collections.Concurrent;
using System.Threading.Channels;
using Nosana.LocalNet.Genesis;
using Nosana.LocalNet.Runtime;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.Benchmarks.Agent;

/// <summary>When a chain in this process took what concerns one host: jobs listed and ended, and the host's places in the queue.</summary>
internal sealed class ChainTimes : IAsyncDisposable
{
    private readonly Bank _bank;
    private readonly LocalNetSet _set;
    private readonly PublicKey _host;
    private readonly Channel<(DateTimeOffset At, BankChange Change)> _changes = Channel.CreateUnbounded<(DateTimeOffset, BankChange)>();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _listed = new(StringComparer.Ordinal), _ended = new(StringComparer.Ordinal);
    private readonly Task _reading;
    private long _queuedAt;

    public ChainTimes(Bank bank, LocalNetSet set, PublicKey host)
    {
        (_bank, _set, _host) = (bank, set, host);
        _reading = ReadAsync();
        bank.Changed += Note;
    }

    /// <summary>When the host joined the queue that it waits in; null while it does not.</summary>
    public DateTimeOffset? QueuedAt => Interlocked.Read(ref _queuedAt) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public DateTimeOffset Listed(PublicKey job) => _listed[job.Key];

    /// <summary>When its result was put on chain, or it was given back; null before.</summary>
    public DateTimeOffset? Ended(PublicKey job) => _ended.TryGetValue(job.Key, out DateTimeOffset at) ? at : null;

    /// <summary>Whether it ended with a result.</summary>
    public bool IsDone(PublicKey job) => JobAccount.Decode(_bank.GetAccount(job)!.Data.Span) is { State: JobState.Done, HasResult: true };

    public async ValueTask DisposeAsync()
    {
        _bank.Changed -= Note;
        _changes.Writer.Complete();
        await _reading;
    }

    private void Note(BankChange change) => _changes.Writer.TryWrite((DateTimeOffset.UtcNow, change));

    private async Task ReadAsync()
    {
        await foreach ((DateTimeOffset at, BankChange change) in _changes.Reader.ReadAllAsync())
        {
            foreach ((PublicKey key, AccountState state) in change.Accounts)
            {
                if (state.Owner != _set.Programs.Jobs || state.Lamports == 0) continue;
                if (key == _set.Market) NoteQueue(at, MarketAccount.Decode(state.Data.Span));
                else if (JobAccount.TryDecode(state.Data.Span, out JobAccount? job)) NoteJob(at, key.Key, job);
            }
        }
    }

    private void NoteQueue(DateTimeOffset at, MarketAccount market)
    {
        bool isQueued = market.QueueType == QueueType.Node && market.IndexInQueue(_host) >= 0;
        if (!isQueued) Interlocked.Exchange(ref _queuedAt, 0);
        else Interlocked.CompareExchange(ref _queuedAt, at.UtcTicks, 0);
    }

    private void NoteJob(DateTimeOffset at, string key, JobAccount job)
    {
        _listed.TryAdd(key, at);
        if (job.State == JobState.Stopped || job is { State: JobState.Done, HasResult: true }) _ended.TryAdd(key, at);
    }
}
