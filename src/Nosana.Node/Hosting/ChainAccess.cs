using Microsoft.Extensions.Logging;
using Nosana.Node.Chain;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Http;
using Nosana.Solana.Rpc.Sending;

namespace Nosana.Node.Hosting;

/// <summary>The chain's clients for one network, as every verb but <c>start</c> needs them, for one short command.</summary>
internal sealed class ChainAccess : IDisposable
{
    private readonly RpcClient _rpc;
    private readonly Journal.JournalStore _journal;

    /// <param name="journal">Remembers what is sent, and is disposed with this; null for none on disk.</param>
    public ChainAccess(NetworkSettings network, ILoggerFactory logs, Journal.JournalStore? journal = null)
    {
        _journal = journal ?? Journal.JournalStore.InMemory(TimeProvider.System);
        _rpc = RpcOf(network, logs);
        Chain = new NosanaChain(_rpc, network.Programs);
        Outbox = new TransactionOutbox(new TransactionSender(_rpc, logs.CreateLogger<TransactionSender>()), _journal, logs.CreateLogger<TransactionOutbox>());
    }

    public NosanaChain Chain { get; }

    public TransactionOutbox Outbox { get; }

    public static RpcClient RpcOf(NetworkSettings network, ILoggerFactory logs) =>
        new(new RpcClientOptions { Endpoints = network.Rpc, RequestsPerSecond = network.RpcRate }, logs.CreateLogger<RpcClient>());

    public void Dispose()
    {
        _rpc.Dispose();
        _journal.Dispose();
    }
}
