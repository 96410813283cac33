using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Rpc;

/// <summary>Which nodes to ask, how long and how often.</summary>
public sealed record RpcClientOptions
{
    /// <summary>Nodes in order of preference (http or https); at least one.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    public Commitment Commitment { get; init; } = Commitment.Confirmed;

    /// <summary>Limit of one attempt, body included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Limit of a call with all its attempts and waits.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Attempts of a call over all nodes.</summary>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>First wait; it doubles each round. A random half of it is taken off, so that many hosts do not ask in step.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan BackoffCap { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// How long nodes that have not reached the slot asked for are waited for. Those of one provider are seldom apart by more than a few seconds.
    /// </summary>
    public TimeSpan LagPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a node that stood in is kept before the first one is tried again.</summary>
    public TimeSpan ReturnToFirstAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Requests a second over all nodes; null for no limit of our own.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>Requests that may go at once after a pause, when <see cref="RequestsPerSecond"/> is set.</summary>
    public int Burst { get; init; } = 20;

    /// <summary>Longest answer read, in bytes: all of it is in memory, twice. A large getProgramAccounts has some 10 MB.</summary>
    public int MaxResponseBytes { get; init; } = 32 << 20;

    /// <summary>Every fault of these options; empty when there is none.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        if (Endpoints.Count == 0) faults.Add($"{nameof(Endpoints)}: at least one RPC URL is needed.");
        faults.AddRange(
            Endpoints.Where(uri => !uri.IsAbsoluteUri || uri.Scheme is not ("http" or "https"))
            .Select(uri => $"{nameof(Endpoints)}: '{(uri.IsAbsoluteUri ? EndpointName.Of(uri) : uri.OriginalString)}' is not an http or https URL."));
        if (RequestTimeout <= TimeSpan.Zero) faults.Add($"{nameof(RequestTimeout)} must be above zero.");
        if (TotalTimeout <= TimeSpan.Zero) faults.Add($"{nameof(TotalTimeout)} must be above zero.");
        if (MaxAttempts < 1) faults.Add($"{nameof(MaxAttempts)} must be at least 1.");
        if (BackoffBase <= TimeSpan.Zero || BackoffCap < BackoffBase) faults.Add($"{nameof(BackoffBase)} must be above zero and at most {nameof(BackoffCap)}.");
        if (RequestsPerSecond is <= 0) faults.Add($"{nameof(RequestsPerSecond)} must be above zero, or absent for no limit.");
        if (Burst < 1) faults.Add($"{nameof(Burst)} must be at least 1.");
        if (MaxResponseBytes < 1) faults.Add($"{nameof(MaxResponseBytes)} must be at least 1.");
        return faults;
    }
}
