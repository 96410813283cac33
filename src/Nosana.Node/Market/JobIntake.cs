using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Placeholders;
using Nosana.JobDefinition.Reading;

namespace Nosana.Node.Market;

/// <summary>From a job account to something that can run: the definition fetched, verified, read and planned.</summary>
internal sealed class JobIntake(IpfsGatewayClient gateway, TimeProvider time)
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
            return new FetchedDefinition(null, null, new DefinitionFault("$input", $"at most {DefinitionLimits.MaxBytes} bytes", null, e.Message));
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

    /// <summary>Reads and plans a definition; every fault is found before anything runs.</summary>
    public static ReadDefinition Read(byte[] utf8Json) => Plan(DefinitionReader.Read(utf8Json));

    /// <summary>What is left to be found in a definition that was read: whether its flow can be planned and its literals get values.</summary>
    public static ReadDefinition Plan(DefinitionResult read)
    {
        if (!read.IsValid) return new ReadDefinition(null, null, [.. read.Errors, .. read.PlanFaults], read.Warnings);
        FlowPlanResult plan = FlowPlan.Create(read.Definition);
        IReadOnlyList<DefinitionFault> faults = [.. plan.Faults, .. PlaceholderResolver.FindMissingReferences(read.Definition)];
        return faults.Count > 0 ? new ReadDefinition(null, null, faults, read.Warnings) : new ReadDefinition(read.Definition, plan.Plan, [], read.Warnings);
    }
}

/// <summary>One of the three is set.</summary>
/// <param name="Trouble">Why this host could not get it.</param>
/// <param name="Fault">Why it is none.</param>
internal sealed record FetchedDefinition(byte[]? Utf8Json, string? Trouble, DefinitionFault? Fault);

/// <param name="Definition">Null exactly when there are faults.</param>
internal sealed record ReadDefinition(Definition? Definition, FlowPlan? Plan, IReadOnlyList<DefinitionFault> Faults, IReadOnlyList<DefinitionFault> Warnings);
