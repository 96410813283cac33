using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.LocalNet;
using Nosana.LocalNet.Genesis;
using Nosana.LocalNet.Runtime;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;
using RpcFilter = Nosana.Solana.Rpc.Models.AccountFilter;

namespace Nosana.Benchmarks.LocalNet;

/// <summary>A network with many jobs of the past on one market, whose queue is full of hosts.</summary>
internal sealed class CrowdedNetwork : IAsyncDisposable
{
    private const ulong JobRent = 2_561_280;
    private const long JobTimeout = 60;

    private static readonly byte[] s_digest = [.. Enumerable.Repeat((byte)0x11, 32)];

    private readonly LocalNetServer _server;
    private readonly RpcClient _rpc;
    private readonly JobsInstructions _instructions;
    private readonly Queue<Account> _hosts;

    private CrowdedNetwork(LocalNetServer server, int jobs, Queue<Account> hosts)
    {
        _server = server;
        _hosts = hosts;
        Jobs = jobs;
        _rpc = new RpcClient(new RpcClientOptions { Endpoints = [server.RpcUri] }, NullLogger<RpcClient>.Instance);
        _instructions = new JobsInstructions(Programs);
    }

    public int Jobs { get; }

    public int QueuedHosts => Market.Queue.Count;

    private ProgramAddresses Programs => _server.Sets[0].Programs;

    private PublicKey MarketAddress => _server.Sets[0].Market;

    private MarketAccount Market => MarketAccount.Decode(_server.Bank.GetAccount(MarketAddress)!.Data.Span);

    private Account Poster => _server.Keys.Poster;

    public static async Task<CrowdedNetwork> StartAsync(int jobs)
    {
        Account[] hosts = [.. Enumerable.Range(0, MarketAccount.QueueCapacity).Select(_ => new Account())];
        LocalNetServer server = await LocalNetServer.StartAsync(new LocalNetOptions { Port = 0, Wallets = [.. hosts.Select(host => new LocalNetWallet(host.PublicKey))] });
        var network = new CrowdedNetwork(server, jobs, new Queue<Account>(hosts));
        server.Bank.SetAccounts([.. Enumerable.Range(0, jobs).Select(i => network.PastJob(i, hosts))]);
        MarketAccount market = network.Market with { QueueType = QueueType.Node, Queue = [.. hosts.Select(host => host.PublicKey)] };
        AccountState state = server.Bank.GetAccount(network.MarketAddress)!;
        byte[] data = market.Encode();
        Array.Resize(ref data, MarketAccount.AllocatedLength);
        server.Bank.SetAccount(network.MarketAddress, state with { Data = data });
        return network;
    }

    /// <summary>One turn: a job is listed and goes to the longest waiting host, who finds it, finishes it, and queues again.</summary>
    public async Task TurnAsync(CallTimes? times)
    {
        Account host = _hosts.Dequeue();
        using Account job = new(), run = new(), next = new();
        await SendAsync(times, "list", [Poster, job, run], _instructions.List(job.PublicKey, MarketAddress, run.PublicKey, Poster.PublicKey, s_digest, JobTimeout));
        RpcFilter[] filters = [RpcFilter.MemCmp(0, RunAccount.Discriminator.ToArray()), RpcFilter.MemCmp(RunAccount.NodeFilter(host.PublicKey).Offset, host.PublicKey.KeyBytes)];
        AccountKeyPair found = (await CallTimes.MeasureAsync(times, "getProgramAccounts (runs)", () => _rpc.GetProgramAccountsAsync(Programs.Jobs, filters))).Value.Single();
        RunAccount account = RunAccount.Decode(found.Account.Data);
        JobAccount listed = JobAccount.Decode(_server.Bank.GetAccount(account.Job)!.Data.Span);
        await SendAsync(times, "finish", [host], _instructions.Finish(account.Job, listed, found.PublicKey, account, s_digest));
        await SendAsync(times, "work", [host, next], _instructions.Work(next.PublicKey, MarketAddress, host.PublicKey));
        _hosts.Enqueue(host);
    }

    /// <summary>Lists so many jobs at once, signed beforehand: the first ones go to the hosts, the others wait.</summary>
    /// <returns>Transactions a second.</returns>
    public async Task<double> ThroughputAsync(int count, int senders)
    {
        string blockhash = (await _rpc.GetLatestBlockHashAsync()).Value.Blockhash;
        var signed = new List<byte[]>(count);
        for (int i = 0; i < count; i++)
        {
            using Account job = new(), run = new();
            signed.Add(Sign(blockhash, [Poster, job, run], _instructions.List(job.PublicKey, MarketAddress, run.PublicKey, Poster.PublicKey, s_digest, JobTimeout)));
        }
        long began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(signed, new ParallelOptions { MaxDegreeOfParallelism = senders }, async (bytes, cancel) =>
            await _rpc.SendTransactionAsync(bytes, new SendTransactionOptions { SkipPreflight = true }, cancel));
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        await _server.DisposeAsync();
        foreach (Account host in _hosts) host.Dispose();
    }

    private async Task SendAsync(CallTimes? times, string call, Account[] signers, TransactionInstruction instruction)
    {
        byte[] bytes = Sign((await _rpc.GetLatestBlockHashAsync()).Value.Blockhash, signers, instruction);
        // With preflight: a call that fails is an error here, and not a fast one in the table.
        await CallTimes.MeasureAsync(times, call, () => _rpc.SendTransactionAsync(bytes));
    }

    private static byte[] Sign(string blockhash, Account[] signers, TransactionInstruction instruction)
    {
        var transaction = new Transaction(Message.Compile(signers[0].PublicKey, [instruction], blockhash));
        transaction.Sign(signers);
        return transaction.Serialize();
    }

    private KeyValuePair<PublicKey, AccountState> PastJob(int number, Account[] hosts)
    {
        // As spread as real addresses are.
        byte[] address = SHA256.HashData(BitConverter.GetBytes(number));
        var job = new JobAccount
        {
            IpfsJob = s_digest,
            IpfsResult = s_digest,
            Market = MarketAddress,
            Node = hosts[number % hosts.Length].PublicKey,
            Payer = Poster.PublicKey,
            Project = Poster.PublicKey,
            Price = 100,
            State = JobState.Done,
            TimeStart = 1_000 + number,
            TimeEnd = 1_060 + number,
            Timeout = JobTimeout,
        };
        byte[] data = job.Encode();
        Array.Resize(ref data, JobAccount.AllocatedLength);
        return new(new PublicKey(address), new AccountState(JobRent, Programs.Jobs, data));
    }
}
