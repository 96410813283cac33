using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Market.Confidential;

/// <summary>Brings a confidential job's definition from its owner, and its result to him, in whichever of the ways its public document says.</summary>
internal sealed class ConfidentialCourier(OwnerDesk desk, OwnerEndpoints endpoints, TimeProvider time)
{
    /// <summary>How long a result waits for its owner before the run is settled without him: the official host's.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits for the definition, or fetches it.</summary>
    /// <exception cref="LogisticsException">It is not to be had; that is its owner's matter.</exception>
    public async Task<byte[]> FetchAsync(string job, LogisticsRoute route, CancellationToken cancel)
    {
        if (route.Type == LogisticsType.ApiListen) return await desk.DefinitionAsync(job, cancel);
        Uri endpoint = EndpointOf(job, route);
        return await endpoints.GetAsync(job, endpoint, cancel)
            ?? throw new LogisticsException($"Failed to retrieve job definition from {endpoint.OriginalString}.");
    }

    /// <summary>Hands the whole result over.</summary>
    /// <exception cref="LogisticsException">Its owner has not taken it.</exception>
    public async Task DeliverAsync(string job, LogisticsRoute route, FlowState result, CancellationToken cancel)
    {
        if (route.Type == LogisticsType.Api)
        {
            Uri endpoint = EndpointOf(job, route);
            if (!await endpoints.PostAsync(job, endpoint, ResultJson.Write(result), cancel))
                throw new LogisticsException($"Failed to post results to {endpoint.OriginalString}.");
            return;
        }
        string status = result.Status;
        result.Status = FlowStatus.WaitingForResult; // what is fetched says so, as on the official host
        byte[] waiting = ResultJson.Write(result);
        result.Status = status;
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            await desk.LayOutAsync(job, waiting, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new LogisticsException("Results were not collected before the timeout.");
        }
    }

    private static Uri EndpointOf(string job, LogisticsRoute route) =>
        Uri.TryCreate(route.EndpointFor(job), UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https"
            ? endpoint
            : throw new LogisticsException("The definition's logistics of type api need an endpoint, an address of http or https.");
}

/// <summary>A confidential job's definition does not come, or its result is not taken; the message is for its owner.</summary>
internal sealed class LogisticsException(string message) : Exception(message);
