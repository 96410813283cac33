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

    /// <summary>Of asking whether the gateways have anything at all.</summary>
    private static readonly TimeSpan ControlLimit = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Fetches the definition. The reason for having none is this host's trouble; or it is the definition's, when it is too large, or is not to be had
    /// from gateways that have what all of them have.
    /// </summary>
    /// <param name="stop">Ends the waiting when the job does.</param>
    public async Task<FetchedDefinition> FetchAsync(Cid cid, DateTimeOffset? deadline, CancellationToken stop, CancellationToken exiting)
    {
        TimeSpan patience = Patience;
        if (deadline - time.GetUtcNow() is { } left && left < patience) patience = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        using var timeout = new CancellationTokenSource(patience, time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(exiting, stop, timeout.Token);
        try
        {
            return new FetchedDefinition(await gateway.FetchAsync(cid, DefinitionLimits.MaxBytes, cancel.Token));
        }
        catch (IpfsTooLargeException e)
        {
            return new FetchedDefinition(Fault: DefinitionFault.OfDocument($"at most {DefinitionLimits.MaxBytes} bytes", e.Message));
        }
        catch (IpfsException e)
        {
            string problem = $"the definition {cid} could not be fetched: {e.Message}";
            return e is IpfsNotFoundException or IpfsUnavailableException && await GatewaysAnswerAsync(exiting)
                ? new FetchedDefinition(Missing: problem)
                : new FetchedDefinition(Trouble: problem);
        }
        catch (OperationCanceledException) when (!exiting.IsCancellationRequested)
        {
            string problem = $"the definition {cid} did not arrive within {patience.TotalSeconds:0} s";
            return !stop.IsCancellationRequested && await GatewaysAnswerAsync(exiting)
                ? new FetchedDefinition(Missing: problem)
                : new FetchedDefinition(Trouble: problem);
        }
    }

    private async Task<bool> GatewaysAnswerAsync(CancellationToken exiting)
    {
        using var limit = new CancellationTokenSource(ControlLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(exiting, limit.Token);
        try
        {
            await gateway.FetchAsync(NetworkProbe.Control, cancellationToken: either.Token);
            return true;
        }
        catch (IpfsException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!exiting.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>One of these is set.</summary>
/// <param name="Utf8Json">The definition.</param>
/// <param name="Trouble">Why this host could not get it.</param>
/// <param name="Fault">Why it cannot be a definition.</param>
/// <param name="Missing">Why nobody can get it.</param>
internal sealed record FetchedDefinition(byte[]? Utf8Json = null, string? Trouble = null, DefinitionFault? Fault = null, string? Missing = null);
