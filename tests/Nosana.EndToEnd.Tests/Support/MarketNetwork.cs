using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Ipfs;
using Nosana.LocalNet;
using Nosana.LocalNet.Front;
using Nosana.LocalNet.Genesis;
using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Node.Posting;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Support;

/// <summary>An embedded network in this process with its info file and key files in a folder of its own, seen with a poster's eyes.</summary>
internal sealed class MarketNetwork : IAsyncDisposable
{
    public const ulong Price = 100;

    private readonly RpcClient _rpc;
    private readonly NosanaChain _chain;
    private readonly JournalStore _journal = JournalStore.InMemory(TimeProvider.System);

    private MarketNetwork(string directory, LocalNetServer server)
    {
        Directory = directory;
        Server = server;
        // What is wrong with the host's node is not wrong with its poster's.
        _rpc = new RpcClient(new RpcClientOptions { Endpoints = [server.ReplicaUri] }, NullLogger<RpcClient>.Instance);
        _chain = new NosanaChain(_rpc, Set.Programs);
        Poster = new JobPoster(_chain, new TransactionOutbox(new TransactionSender(_rpc, NullLogger<TransactionSender>.Instance), _journal, NullLogger<TransactionOutbox>.Instance), server.Keys.Poster);
    }

    public string Directory { get; }

    public LocalNetServer Server { get; }

    public string InfoFile => Path.Combine(Directory, "net.json");

    public LocalNetSet Set => Server.Sets[0];

    public PublicKey Market => Set.Market;

    public PublicKey Host => Server.Keys.Host.PublicKey;

    public string StateDirectory => Path.Combine(Directory, "state");

    public string HostKey => Server.Keys.FileOf("host")!;

    public string PosterKey => Server.Keys.FileOf("poster")!;

    public JobPoster Poster { get; }

    public ulong HostNos => NosOf(Host);

    public ulong PosterNos => NosOf(Server.Keys.Poster.PublicKey);

    public ulong VaultNos => Amount(Set.MarketVault);

    /// <summary>Whether the host waits in the market's queue.</summary>
    public bool HostIsQueued => MarketAccount.Decode(Server.Bank.GetAccount(Market)!.Data.Span) is { QueueType: QueueType.Node } market && market.IndexInQueue(Host) >= 0;

    public static async Task<MarketNetwork> StartAsync(FrontOptions? front = null)
    {
        string directory = System.IO.Directory.CreateTempSubdirectory("nosana-e2e-").FullName;
        var options = new LocalNetOptions
        {
            Port = 0,
            KeyDirectory = Path.Combine(directory, "keys"),
            InfoPath = Path.Combine(directory, "net.json"),
            Front = front,
            Market = new MarketTerms { JobPrice = Price },
        };
        return new MarketNetwork(directory, await LocalNetServer.StartAsync(options, TestContext.Current.CancellationToken));
    }

    /// <summary>Pins a definition, whatever it is, and lists it.</summary>
    /// <param name="timeout">Seconds.</param>
    public Task<PublicKey> PostAsync(string definition, long timeout = 60)
    {
        Cid cid = Server.Content.Add(Encoding.UTF8.GetBytes(definition), DateTimeOffset.UtcNow, "application/json");
        return Poster.ListAsync(cid, Market, timeout, TestContext.Current.CancellationToken);
    }

    /// <summary>The job's account; null when it is closed.</summary>
    public JobAccount? Find(PublicKey job) => Server.Bank.GetAccount(job) is { } account ? JobAccount.Decode(account.Data.Span) : null;

    /// <summary>The job's run; null while nobody runs it.</summary>
    public async Task<RunAccount?> FindRunAsync(PublicKey job) => (await _chain.FindRunOfJobAsync(job, TestContext.Current.CancellationToken))?.Run;

    /// <summary>Over for poster and host: its result is on chain, or it was given back.</summary>
    public bool IsSettled(PublicKey job) => Find(job) is { } account && (account.State == JobState.Stopped || account.State == JobState.Done && account.HasResult);

    /// <summary>The result that the job's account names, read from IPFS.</summary>
    public JsonNode ResultOf(PublicKey job) => JsonNode.Parse(ResultBytesOf(job))!;

    /// <summary>As it was pinned.</summary>
    public byte[] ResultBytesOf(PublicKey job) => Server.Content.Find(Cid.FromDigest(Find(job)!.IpfsResult))!.Content.ToArray();

    /// <summary>The host has what it had before and the job's price for its seconds, which are its timeout at most, once.</summary>
    public void AssertPaidOnce(JobAccount account, ulong before) =>
        Assert.Equal(before + (ulong)Math.Min(account.TimeEnd - account.TimeStart, account.Timeout) * Price, HostNos);

    public ulong NosOf(PublicKey wallet) => Amount(Set.Programs.NosTokenAccount(wallet));

    /// <summary>Puts the wallet's SOL to an amount.</summary>
    public void SetLamports(PublicKey wallet, ulong lamports) => Server.Bank.SetAccount(wallet, Server.Bank.GetAccount(wallet)! with { Lamports = lamports });

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        _journal.Dispose();
        await Server.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private ulong Amount(PublicKey tokenAccount) => BinaryPrimitives.ReadUInt64LittleEndian(Server.Bank.GetAccount(tokenAccount)!.Data.Span[64..]);
}
