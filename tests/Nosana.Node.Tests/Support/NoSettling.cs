using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Ipfs.Http;
using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Node.Market;
using Nosana.Node.Operations;
using Nosana.Programs;
using Nosana.Solana.Rpc;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Tests.Support;

/// <summary>The parts of a host's health that ask the chain, with nobody there: for what settles nothing.</summary>
internal static class NoSettling
{
    private static readonly NosanaChain s_chain = new(
        new RpcClient(new RpcClientOptions { Endpoints = [new Uri("http://127.0.0.1:9")], MaxAttempts = 1 }, NullLogger<RpcClient>.Instance), ProgramAddresses.Mainnet);

    public static SettlementOutbox On(JournalStore journal, TimeProvider clock)
    {
        var nobody = new Uri("http://127.0.0.1:9");
        var publisher = new ResultPublisher(new IpfsPinningClient(new HttpClient(), new IpfsPinningOptions { Api = nobody }), clock, NullLogger<ResultPublisher>.Instance);
        var gateway = new IpfsGatewayClient(new HttpClient(), new IpfsGatewayOptions { Gateways = [nobody] });
        var owed = new OwedResults(publisher, gateway, journal, clock, NullLogger<OwedResults>.Instance);
        return new SettlementOutbox(publisher, owed, null!, null!, journal, clock, NullLogger<SettlementOutbox>.Instance);
    }

    public static ChainClock ChainClock(TimeProvider clock) => new(s_chain, clock, NullLogger<ChainClock>.Instance);

    public static Funds Funds(JournalStore journal, TimeProvider clock) => new(s_chain, journal, new HostWallet(new Account()), clock, NullLogger<Funds>.Instance);
}
