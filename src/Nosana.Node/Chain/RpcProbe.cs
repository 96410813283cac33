using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Chain;

/// <summary>
/// Tries the calls that serving takes before any job depends on them: a provider's plan may leave some out, and it is the first job that would tell.
/// </summary>
internal static class RpcProbe
{
    /// <summary>For a node to accept a subscription.</summary>
    private static readonly TimeSpan StreamLimit = TimeSpan.FromSeconds(10);

    /// <summary>A signature that no transaction has, in base58: 64 bytes of zero.</summary>
    private static readonly string NoSignature = new('1', 64);

    /// <summary>What no node of --rpc will do, a sentence each; empty when all can be done.</summary>
    /// <param name="node">This host, whose runs are asked for.</param>
    public static async Task<IReadOnlyList<string>> FindProblemsAsync(NosanaChain chain, PublicKey node, CancellationToken cancel)
    {
        List<string> problems = [];
        async Task TryAsync(string method, string use, Func<Task> call)
        {
            try
            {
                await call();
            }
            catch (Exception e) when (e is RpcException or RpcUnavailableException)
            {
                problems.Add($"No node of --rpc serves {method}, by which this host {use}: {e.Message} Name one that does.");
            }
        }
        await TryAsync("getProgramAccounts with filters", "finds its runs", () => chain.RunsOfNodeAsync(node, cancel));
        await TryAsync("getMultipleAccounts", "reads a job with the chain's time", () => chain.LookAtJobAndClockAsync(node, cancel));
        await TryAsync("getLatestBlockhash", "sends transactions", () => chain.Rpc.GetLatestBlockHashAsync(cancellationToken: cancel));
        await TryAsync(
            "getSignatureStatuses", "sees what became of them", () => chain.Rpc.GetSignatureStatusesAsync([NoSignature], cancellationToken: cancel));
        return problems;
    }

    /// <summary>Why there are no notifications; null when there are. A host works without them, and picks jobs up seconds later.</summary>
    public static async Task<string?> FindStreamProblemAsync(
        NosanaChain chain, IStreamingRpcClient stream, PublicKey node, TimeProvider time, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(StreamLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            await using ISubscription<AccountKeyPair> runs = stream.SubscribeProgram(chain.Programs.Jobs, NosanaChain.RunsOf(node));
            await foreach (StreamEvent<AccountKeyPair> _ in runs.ReadAllAsync(either.Token)) return null;
            return "The WebSocket node ended the subscription to this host's runs.";
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return $"No WebSocket node has accepted a subscription to this host's runs within {StreamLimit.TotalSeconds} s: jobs are found by polling.";
        }
        catch (RpcException e)
        {
            return $"The WebSocket node refuses the subscription to this host's runs, which are found by polling: {e.Message}";
        }
    }
}
