using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.Node.Retries;

namespace Nosana.Node.Market;

/// <summary>Pins results. Finished work is never given up: a service that is down is tried again, more and more slowly, until it answers.</summary>
internal sealed partial class ResultPublisher(IpfsPinningClient pinning, TimeProvider time, ILogger<ResultPublisher> logger)
{
    /// <returns>The CID the service returned: it goes on chain, whatever ours is.</returns>
    public async Task<Cid> PublishAsync(ReadOnlyMemory<byte> result, CancellationToken cancel)
    {
        PinResult pinned = await RetryPipelines
            .Create(RetryPipelines.ResultPublishing, time, static e => e is IpfsException, (e, wait) => LogFailed(e.Message, wait))
            .ExecuteAsync(async token => await pinning.PinJsonAsync(result, token), cancel);
        if (pinned.Differs) LogDiffers(pinned.Cid, pinned.Computed);
        return pinned.Cid;
    }

    [LoggerMessage(440, LogLevel.Warning, "The pinning service stored the result as {Cid}, its bytes here are {Computed}: it wrote the JSON anew")]
    private partial void LogDiffers(Cid cid, Cid computed);

    [LoggerMessage(441, LogLevel.Warning, "The result is not published yet, next try in {Delay}: {Problem}")]
    private partial void LogFailed(string problem, TimeSpan delay);
}
