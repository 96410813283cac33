using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Ipfs;
using Nosana.LocalNet;
using Nosana.LocalNet.Faults;
using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Node.Posting;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Benchmarks.Agent;

/// <summary>An embedded network in this process, with its info file and key files in a folder of its own, and a poster on it.</summary>
internal sealed class BenchMarket : IAsyncDisposable
{
    /// <summary>Seconds; far more than a job takes.</summary>
    private const long Timeout = 600;

    private readonly LocalNetServer _server;
    private readonly RpcClient _rpc;
    private readonly JournalStore _journal;
    private readonly TransactionSender _sender;
    private readonly JobPoster _poster;

    private BenchMarket(string directory, LocalNetServer server)
    {
        Directory = directory;
        _server = server;
        Times = new ChainTimes(server.Bank, server.Sets[0], server.Keys.Host.PublicKey);
        _rpc = new RpcClient(new RpcClientOptions { Endpoints = [server.ReplicaUri] }, NullLogger<RpcClient>.Instance);
        _journal = JournalStore.InMemory(TimeProvider.System);
        _sender = new TransactionSender(_rpc, NullLogger<TransactionSender>.Instance);
        _poster = new JobPoster(new NosanaChain(_rpc, server.Sets[0].Programs), new TransactionOutbox(_sender, _journal, NullLogger<TransactionOutbox>.Instance), server.Keys.Poster);
    }

    public string Directory { get; }

    public ChainTimes Times { get; }

    public LocalNetFaults Faults => _server.Faults;

    public string InfoFile => InfoFileIn(Directory);

    public string HostKey => _server.Keys.FileOf("host")!;

    public string StateDirectory => Path.Combine(Directory, "state");

    public static async Task<BenchMarket> StartAsync()
    {
        string directory = System.IO.Directory.CreateTempSubdirectory("nosana-bench-market-").FullName;
        return new BenchMarket(directory, await LocalNetServer.StartAsync(new LocalNetOptions { Port = 0, KeyDirectory = Path.Combine(directory, "keys"), InfoPath = InfoFileIn(directory) }));
    }

    /// <summary>The poster's authorization in the official form.</summary>
    public string OwnerHeader => $"bench:{Encoders.Base58.EncodeData(_server.Keys.Poster.Sign("bench"u8))}";

    /// <summary>Lists a job of one operation, a shell line.</summary>
    public Task<PublicKey> PostAsync(string image, string line) =>
        PostDefinitionAsync($$"""{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"op","args":{"image":"{{image}}","cmd":"{{line}}"} }]}""");

    /// <summary>Lists a job.</summary>
    public Task<PublicKey> PostDefinitionAsync(string definition)
    {
        Cid cid = _server.Content.Add(Encoding.UTF8.GetBytes(definition), DateTimeOffset.UtcNow, "application/json");
        return _poster.ListAsync(cid, _server.Sets[0].Market, Timeout, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _sender.Dispose();
        _rpc.Dispose();
        _journal.Dispose();
        await _server.DisposeAsync();
        await Times.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static string InfoFileIn(string directory) => Path.Combine(directory, "net.json");
}
