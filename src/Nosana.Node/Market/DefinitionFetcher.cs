using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;

namespace Nosana.Node.Market;

/// <summary>From a job account to the bytes of its definition, fetched and verified.</summary>
internal sealed class DefinitionFetcher(IpfsGatewayClient gateway, TimeProvider time)
{
    /// <summary>How long a silent gateway is waited for before the run is given back, if the job's own deadline is not earlier.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Fetches the definition. The reason for having none is this host's trouble, or the definition's fault when it is too large.</summary>
    /// <param name="stop">Ends the waiting when the job does.</param>
    public async Task<FetchedDefinition> FetchAsync(Cid cid, DateTimeOffset? deadline, CancellationToken stop, CancellationToken exiting)
    {
        TimeSpan patience = Patience;
        if (deadline - time.GetUtcNow() is { } left && left < patience) patience = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        using var timeout = new CancellationTokenSource(patience, time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(exiting, stop, timeout.Token);
        try
        {
            return new FetchedDefinition(await gateway.FetchAsync(cid, DefinitionLimits.MaxBytes, cancel.Token), null, null);
        }
        catch (IpfsTooLargeException e)
        {
            return new FetchedDefinition(null, null, DefinitionFault.OfDocument($"at most {DefinitionLimits.MaxBytes} bytes", e.Message));
        }
        catch (IpfsException e)
        {
            return new FetchedDefinition(null, $"the definition {cid} could not be fetched: {e.Message}", null);
        }
        catch (OperationCanceledException) when (!exiting.IsCancellationRequested)
        {
            return new FetchedDefinition(null, $"the definition {cid} did not arrive within {patience.TotalSeconds:0} s", null);
        }
    }
}

/// <summary>One of the three is set.</summary>
/// <param name="Trouble">Why this host could not get it.</param>
/// <param name="Fault">Why it cannot be a definition.</param>
internal sealed record FetchedDefinition(byte[]? Utf8Json, string? Trouble, DefinitionFault? Fault);
