using Nosana.Node.Chain;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Sending;

namespace Nosana.Node.Hosting;

/// <summary>The chain's clients for one network, as every verb but <c>start</c> needs them, for one short command.</summary>
internal sealed class ChainAccess : IDisposable
{
    /// <summary>A person may look through all jobs of a market, and waits for it; a host never needs so much.</summary>
    private const int MaxResponseBytes = 256 << 20;

    private readonly RpcClient _rpc;
    private readonly Journal.JournalStore _journal;

    /// <param name="journal">Remembers what is sent, and is disposed with this; null for none on disk.</param>
    public ChainAccess(NetworkSettings network, ILoggerFactory logs, Journal.JournalStore? journal = null)
    {
        _journal = journal ?? Journal.JournalStore.InMemory(TimeProvider.System);
        _rpc = new RpcClient(network.RpcOptions with { MaxResponseBytes = MaxResponseBytes }, logs.CreateLogger<RpcClient>());
        Chain = new NosanaChain(_rpc, network.Programs);
        var sender = new TransactionSender(
            _rpc, logs.CreateLogger<TransactionSender>(), new TransactionSenderOptions { MinContextSlot = () => Chain.Slots.Newest });
        Outbox = new TransactionOutbox(sender, _journal, logs.CreateLogger<TransactionOutbox>(), Chain.Slots);
    }

    public NosanaChain Chain { get; }

    public TransactionOutbox Outbox { get; }

    public void Dispose()
    {
        _rpc.Dispose();
        _journal.Dispose();
    }
}
