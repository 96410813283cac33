using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.Node.Chain;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Posting;

/// <summary>Waits for a job's end, and finds out how it ended and why.</summary>
internal sealed class JobEnding(NosanaChain chain, IpfsGatewayClient gateway, TimeProvider time)
{
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a node may not know yet a job that was just listed through another one.</summary>
    public static readonly TimeSpan ListingGrace = TimeSpan.FromSeconds(30);

    /// <summary>How long a host has to deliver the result of a job that its poster ended.</summary>
    public static readonly TimeSpan ResultGrace = TimeSpan.FromMinutes(5);

    /// <summary>A few operations with 4 MiB of log each, as JSON text.</summary>
    private const long MaxResultBytes = 256L * 1024 * 1024;

    private const int MaxResultDepth = 256;

    /// <summary>The transactions of a job's account are looked through from the newest: whatever gave it back is among the first.</summary>
    private const int LookBack = 10;

    private readonly JobSearch _search = new(chain);

    /// <summary>The account of a job that was listed a moment ago.</summary>
    /// <exception cref="PosterException">It is not there.</exception>
    public async Task<FoundJob> ListedAsync(PublicKey job, CancellationToken cancel)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            if (await _search.FindAsync(job, cancel) is { } found) return found;
            if (time.GetElapsedTime(began) >= ListingGrace)
            {
                throw new PosterException(
                    $"Job {job} was listed, and is not there: it was taken back meanwhile, or the RPC node lags far behind. 'job get {job}' looks again.");
            }
            await Task.Delay(PollInterval, time, cancel);
        }
    }

    /// <summary>Waits until a job has ended. One that its poster ended is over after <see cref="ResultGrace"/> even when its host delivers no result.</summary>
    /// <exception cref="PosterException">There is no such job (any more).</exception>
    public async Task<FoundJob> WaitAsync(PublicKey job, CancellationToken cancel)
    {
        FoundJob found = await _search.RequireAsync(job, cancel);
        long? doneAt = null;
        while (!found.HasEnded)
        {
            if (found.Job.State == JobState.Done)
            {
                doneAt ??= time.GetTimestamp();
                if (time.GetElapsedTime(doneAt.Value) >= ResultGrace) return found;
            }
            await Task.Delay(PollInterval, time, cancel);
            JobAccount account = await chain.FindJobAsync(job, cancel)
                ?? throw new PosterException($"Job {job} is not there any more: its poster took it back while this waited.");
            found = new FoundJob(job, account, Run: null);
        }
        return found;
    }

    /// <summary>How a job ended, and the result of its host.</summary>
    /// <returns>No end for a job that is queued or running, or was ended and has no result yet; no result where there is none to be read.</returns>
    public async Task<(JobEnd? End, JsonNode? Result)> ReadAsync(FoundJob found, CancellationToken cancel)
    {
        if (found.Job.State == JobState.Stopped) return (await GivenBackAsync(found, cancel), null);
        if (found.Job.State != JobState.Done) return (null, null);
        if (!found.Job.HasResult) return (new JobEnd(JobEndKind.Stopped, ["its poster ended it, and its host has not delivered a result"]), null);
        Cid cid = Cid.FromDigest(found.Job.IpfsResult);
        try
        {
            byte[] content = await gateway.FetchAsync(cid, MaxResultBytes, cancel);
            JsonNode? result = JsonNode.Parse(content, documentOptions: new JsonDocumentOptions { MaxDepth = MaxResultDepth });
            return (JobEnd.OfResult(result), result);
        }
        catch (JsonException e)
        {
            return (new JobEnd(JobEndKind.Unknown, [$"its host delivered {cid}, which is not JSON: {e.Message}"]), null);
        }
        catch (IpfsException e)
        {
            return (new JobEnd(JobEndKind.Unknown, [$"its result cannot be read: {e.Message}"]), null);
        }
    }

    private async Task<JobEnd> GivenBackAsync(FoundJob found, CancellationToken cancel)
    {
        List<string> reasons = [];
        if (found.Run is null && await LastTransactionAsync(found.Address, cancel) is { } last)
        {
            if (await SenderOfAsync(last.Signature, cancel) is { } host) reasons.Add($"its host was {host}");
            reasons.Add(last.Memo is { Length: > 0 } memo ? $"it said: {memo}" : "it left no reason on the chain; its own log has it");
        }
        reasons.Add($"the deposit is not lost: nosana-node job recover {found.Address}");
        return new JobEnd(JobEndKind.GivenBack, reasons);
    }

    // Why a job was given back is a courtesy: that it was is certain without it.
    private async Task<SignatureInfo?> LastTransactionAsync(PublicKey job, CancellationToken cancel)
    {
        try
        {
            IReadOnlyList<SignatureInfo> newest = await chain.Rpc.GetSignaturesForAddressAsync(job, LookBack, cancellationToken: cancel);
            return newest.FirstOrDefault(transaction => transaction.Error is null);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            return null;
        }
    }

    private async Task<PublicKey?> SenderOfAsync(string signature, CancellationToken cancel)
    {
        try
        {
            TransactionInfo? found = await chain.Rpc.GetTransactionAsync(signature, cancellationToken: cancel);
            return found is null ? null : Transaction.Deserialize(found.Transaction).Message.AccountKeys[0];
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException or FormatException)
        {
            return null;
        }
    }
}
