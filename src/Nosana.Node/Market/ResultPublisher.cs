using Microsoft.Extensions.Logging;
using Nosana.Ipfs;
using Nosana.Ipfs.Http;

namespace Nosana.Node.Market;

/// <summary>Pins results. Finished work is never given up: a service that is down is tried again, more and more slowly, until it answers.</summary>
internal sealed partial class ResultPublisher(IpfsPinningClient pinning, TimeProvider time, ILogger<ResultPublisher> logger)
{
    public static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    /// <returns>The CID the service returned: it goes on chain, whatever ours is.</returns>
    public async Task<Cid> PublishAsync(ReadOnlyMemory<byte> result, CancellationToken cancel)
    {
        TimeSpan delay = FirstDelay;
        while (true)
        {
            try
            {
                PinResult pinned = await pinning.PinJsonAsync(result, cancel);
                if (pinned.Differs) LogDiffers(pinned.Cid, pinned.Computed);
                return pinned.Cid;
            }
            catch (IpfsException e)
            {
                LogFailed(e.Message, delay);
            }
            await Task.Delay(delay, time, cancel);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    [LoggerMessage(440, LogLevel.Warning, "The pinning service stored the result as {Cid}, its bytes here are {Computed}: it wrote the JSON anew")]
    private partial void LogDiffers(Cid cid, Cid computed);

    [LoggerMessage(441, LogLevel.Warning, "The result is not published yet, next try in {Delay}: {Problem}")]
    private partial void LogFailed(string problem, TimeSpan delay);
}
