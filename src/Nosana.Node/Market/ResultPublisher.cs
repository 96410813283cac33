using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.Ipfs.UnixFs;
using Nosana.Node.Journal;
using Nosana.Node.Retries;

namespace Nosana.Node.Market;

/// <summary>
/// Pins results before the chain is told of them. A service that refuses a result for good is offered smaller ones: nothing is changed after that. One
/// that does not answer in time, or refuses this host, gets the result later; the poster pays for no more of its silence.
/// </summary>
internal sealed partial class ResultPublisher(IpfsPinningClient pinning, TimeProvider time, ILogger<ResultPublisher> logger)
{
    /// <summary>All of the tries: the run is to be settled within 60 s of its end, and the transaction needs some of them.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="result">JSON in UTF-8.</param>
    /// <param name="shrink">A smaller result in place of the last, kept as it is returned; null when it gets no smaller.</param>
    /// <param name="cancel">Ends the tries.</param>
    public async Task<PublishedResult> PublishAsync(byte[] result, Func<byte[], byte[]?> shrink, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        while (true)
        {
            try
            {
                await RetryPipelines
                    .Create(RetryPipelines.ResultPublishing, time, static e => e is IpfsException and not IpfsRejectedException,
                        (e, wait) => LogFailed(e.Message, wait))
                    .ExecuteAsync(async token => await PinAsync(result, token), either.Token);
                return new PublishedResult(UnixFsNode.CidOf(result), ResultDebt.Gateway);
            }
            catch (IpfsRejectedException e) when (e.ConcernsDocument)
            {
                if (shrink(result) is not { } smaller)
                {
                    LogRefused(result.Length, e.Message);
                    return new PublishedResult(UnixFsNode.CidOf(result), ResultDebt.None);
                }
                LogShrunk(result.Length, smaller.Length, e.Message);
                result = smaller;
            }
            catch (IpfsRejectedException e)
            {
                LogOwed(e.Message);
                return new PublishedResult(UnixFsNode.CidOf(result), ResultDebt.Pin);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                LogOwed($"the service has not taken it within {Patience.TotalSeconds:0} s");
                return new PublishedResult(UnixFsNode.CidOf(result), ResultDebt.Pin);
            }
        }
    }

    /// <summary>One try.</summary>
    /// <exception cref="IpfsException">The service does not take it.</exception>
    public async Task PinAsync(byte[] result, CancellationToken cancel)
    {
        PinResult pinned = await pinning.PinAsync(result, cancel);
        if (pinned.Differs) LogDiffers(pinned.Cid, pinned.Computed);
    }

    [LoggerMessage(440, LogLevel.Warning, "The pinning service stored a result as {Cid}, and the chain is told {Computed}, what its bytes here are: "
        + "it wrote it anew")]
    private partial void LogDiffers(Cid cid, Cid computed);

    [LoggerMessage(441, LogLevel.Warning, "The result is not published yet, next try in {Delay}: {Problem}")]
    private partial void LogFailed(string problem, TimeSpan delay);

    [LoggerMessage(442, LogLevel.Warning, "The result of {Bytes} bytes was refused and is cut to {Smaller} bytes: {Problem}")]
    private partial void LogShrunk(int bytes, int smaller, string problem);

    [LoggerMessage(443, LogLevel.Error, "The result of {Bytes} bytes is refused for good; the run is settled with it all the same, "
        + "and it is kept here: {Problem}")]
    private partial void LogRefused(int bytes, string problem);

    [LoggerMessage(439, LogLevel.Warning, "The run is settled with a result that is not published yet; it is kept here and offered again: {Problem}")]
    private partial void LogOwed(string problem);
}

/// <param name="Cid">Of the bytes that are here: the one to put on chain.</param>
/// <param name="Debt">What is left to be done for it; nothing when it is refused for good.</param>
internal sealed record PublishedResult(Cid Cid, ResultDebt Debt);
