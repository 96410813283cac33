using Microsoft.Extensions.Logging;
using Nosana.Node.Chain;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Sending;

namespace Nosana.Node.Hosting;

/// <summary>The chain's clients for one network, as every verb but <c>start</c> needs them: short-lived and without a journal on disk.</summary>
internal sealed class ChainAccess : IDisposable
{
    private readonly RpcClient _rpc;
    private readonly Journal.JournalStore _journal = Journal.JournalStore.InMemory(TimeProvider.System);

    public ChainAccess(NetworkSettings network, ILoggerFactory logs)
    {
        _rpc = new RpcClient(network.RpcOptions, logger: logs.CreateLogger<RpcClient>());
        Chain = new NosanaChain(_rpc, network.Programs);
        var sender = new TransactionSender(_rpc, logger: logs.CreateLogger<TransactionSender>());
        Outbox = new TransactionOutbox(sender, _journal, logs.CreateLogger<TransactionOutbox>());
    }

    public NosanaChain Chain { get; }

    public TransactionOutbox Outbox { get; }

    public void Dispose()
    {
        _rpc.Dispose();
        _journal.Dispose();
    }
}
