using Microsoft.Extensions.Logging.Abstractions;
using Nosana.LocalNet;
using Nosana.LocalNet.Runtime;
using Nosana.Node.Chain;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Chain;

/// <summary>An embedded network whose accounts a test writes, and the chain as the agent reads it.</summary>
internal sealed class ChainStub : IAsyncDisposable
{
    private readonly RpcClient _rpc;
    private int _keys;

    private ChainStub(LocalNetServer network, ManualTimeProvider clock)
    {
        Network = network;
        Clock = clock;
        _rpc = new RpcClient(new RpcClientOptions { Endpoints = [network.RpcUri] }, NullLogger<RpcClient>.Instance);
        Chain = new NosanaChain(_rpc, network.Sets[0].Programs);
    }

    public LocalNetServer Network { get; }

    public ManualTimeProvider Clock { get; }

    public NosanaChain Chain { get; }

    public IRpcClient Rpc => _rpc;

    public ProgramAddresses Programs => Chain.Programs;

    public PublicKey Market => Network.Sets[0].Market;

    public static async Task<ChainStub> StartAsync()
    {
        var clock = new ManualTimeProvider();
        return new ChainStub(await LocalNetServer.StartAsync(new LocalNetOptions { Port = 0, TimeProvider = clock }, TestContext.Current.CancellationToken), clock);
    }

    public PublicKey NewKey()
    {
        byte[] bytes = new byte[32];
        bytes[0] = 0xbb;
        bytes[31] = (byte)++_keys;
        return new PublicKey(bytes);
    }

    public PublicKey Put(JobAccount job) => Put(NewKey(), job);

    public PublicKey Put(PublicKey address, JobAccount job) => Put(address, job.Encode(), JobAccount.AllocatedLength);

    public PublicKey Put(RunAccount run) => Put(NewKey(), run.Encode(), run.Encode().Length);

    public PublicKey Put(MarketAccount market) => Put(NewKey(), market.Encode(), MarketAccount.AllocatedLength);

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        await Network.DisposeAsync();
    }

    private PublicKey Put(PublicKey address, byte[] fields, int length)
    {
        Array.Resize(ref fields, length);
        Network.Bank.SetAccount(address, new AccountState(10_000_000, Programs.Jobs, fields));
        return address;
    }
}
