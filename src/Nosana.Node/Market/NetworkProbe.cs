using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.Ipfs.UnixFs;
using Nosana.Node.Jobs;
using Nosana.Solana.Rpc;

namespace Nosana.Node.Market;

/// <summary>
/// The <see cref="NetworkControl"/> of a host: its RPC endpoints, a content that every IPFS gateway has, and an address of the operator's choice.
/// </summary>
internal sealed partial class NetworkProbe(
    IRpcClient rpc, IpfsGatewayClient gateway, TimeProvider time, ILogger<NetworkProbe> logger, ControlPage? page = null)
{
    /// <summary>All of the asking.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The empty file, QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH: nodes of IPFS have it from their first start.</summary>
    public static readonly Cid Control = UnixFsNode.CidOf([]);

    /// <summary>True as soon as one of them answers.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        List<Task<bool>> asked =
        [
            AskAsync("RPC", async token => await rpc.GetSlotAsync(cancellationToken: token), either.Token),
            AskAsync("IPFS gateway", async token => await gateway.FetchAsync(Control, cancellationToken: token), either.Token),
        ];
        if (page is not null) asked.Add(AskAsync("control page", page.AskAsync, either.Token));
        bool answers = false;
        while (!answers && asked.Count > 0)
        {
            Task<bool> first = await Task.WhenAny(asked);
            asked.Remove(first);
            answers = await first;
        }
        await either.CancelAsync();
        await Task.WhenAll(asked);
        cancel.ThrowIfCancellationRequested();
        return answers;
    }

    private async Task<bool> AskAsync(string what, Func<CancellationToken, Task> ask, CancellationToken cancel)
    {
        try
        {
            await ask(cancel);
            return true;
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException or IpfsException or HttpRequestException)
        {
            LogSilent(what, e.Message);
            return e is RpcException; // an error is an answer
        }
        catch (OperationCanceledException)
        {
            return false; // the other one has answered, or the time is up
        }
    }

    [LoggerMessage(479, LogLevel.Warning, "What a job asks for does not come, and the {What} does not answer either: {Problem}")]
    private partial void LogSilent(string what, string problem);
}

/// <summary>An address of the operator's choice, of somebody whom no job has to do with. Any answer is one.</summary>
internal sealed class ControlPage(HttpClient http, Uri address)
{
    /// <exception cref="HttpRequestException">Nobody answers there.</exception>
    public async Task AskAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }
}
