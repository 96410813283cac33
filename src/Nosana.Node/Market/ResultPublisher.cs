using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.Ipfs.UnixFs;
using Nosana.Node.Retries;

namespace Nosana.Node.Market;

/// <summary>
/// Pins results. Finished work is never given up: a service that is down is tried again, more and more slowly, until it answers. One that refuses a
/// result for good is offered smaller ones, and at last the run is settled with what is here: nothing is changed after that.
/// </summary>
internal sealed partial class ResultPublisher(IpfsPinningClient pinning, TimeProvider time, ILogger<ResultPublisher> logger)
{
    /// <param name="result">JSON in UTF-8.</param>
    /// <param name="shrink">A smaller result in place of the last, kept as it is returned; null when it gets no smaller.</param>
    /// <param name="cancel">Ends the tries.</param>
    public async Task<PublishedResult> PublishAsync(byte[] result, Func<byte[], byte[]?> shrink, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                PinResult pinned = await RetryPipelines
                    .Create(RetryPipelines.ResultPublishing, time, static e => e is IpfsException and not IpfsRejectedException,
                        (e, wait) => LogFailed(e.Message, wait))
                    .ExecuteAsync(async token => await pinning.PinJsonAsync(result, token), cancel);
                if (pinned.Differs) LogDiffers(pinned.Cid, pinned.Computed);
                return new PublishedResult(pinned.Cid, IsPinned: true, IsOwed: false);
            }
            catch (IpfsRejectedException e)
            {
                if (!e.ConcernsDocument || shrink(result) is not { } smaller)
                {
                    LogRefused(result.Length, e.Message);
                    return new PublishedResult(UnixFsNode.CidOf(result), IsPinned: false, IsOwed: !e.ConcernsDocument);
                }
                LogShrunk(result.Length, smaller.Length, e.Message);
                result = smaller;
            }
        }
    }

    [LoggerMessage(440, LogLevel.Warning, "The pinning service stored the result as {Cid}, its bytes here are {Computed}: it wrote the JSON anew")]
    private partial void LogDiffers(Cid cid, Cid computed);

    [LoggerMessage(441, LogLevel.Warning, "The result is not published yet, next try in {Delay}: {Problem}")]
    private partial void LogFailed(string problem, TimeSpan delay);

    [LoggerMessage(442, LogLevel.Warning, "The result of {Bytes} bytes was refused and is cut to {Smaller} bytes: {Problem}")]
    private partial void LogShrunk(int bytes, int smaller, string problem);

    [LoggerMessage(443, LogLevel.Error, "The result of {Bytes} bytes is refused for good; the run is settled with it all the same, "
        + "and it is kept here: {Problem}")]
    private partial void LogRefused(int bytes, string problem);
}

/// <param name="Cid">The one to put on chain: the service's, whatever ours is, or ours of what no service took.</param>
/// <param name="IsPinned">Whether a service has it.</param>
/// <param name="IsOwed">Whether the service is to be asked again, since it refused this host and not this result.</param>
internal sealed record PublishedResult(Cid Cid, bool IsPinned, bool IsOwed);
