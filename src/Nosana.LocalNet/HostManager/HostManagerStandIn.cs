using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.HostManager;

/// <summary>
/// What the stand-in of the network's host manager answers, and what it was asked. Every host is accepted at first and sent to the market of
/// genesis. Members may be changed at any time from any thread; faults are asked for in <see cref="Faults.LocalNetFaults"/>.
/// </summary>
public sealed class HostManagerStandIn
{
    private const int KeptRequests = 1_000;

    private readonly Lock _lock = new();
    private readonly Queue<HostManagerRequest> _requests = new();
    private readonly Dictionary<PublicKey, string> _statuses = [];

    internal HostManagerStandIn(PublicKey market) => Market = market;

    /// <summary>Word for hosts without one of their own; null: they are not found.</summary>
    public string? DefaultStatus { get; set; } = "ONBOARDED";

    /// <summary>The market that hosts are sent to.</summary>
    public PublicKey Market { get; set; }

    /// <summary>Whether hosts must change their market before they are sent to one.</summary>
    public bool NeedsChangeMarket { get; set; }

    /// <summary>Makes the transaction of a change of market for a host; null: no change is possible.</summary>
    public Func<PublicKey, byte[]>? ChangeTransaction { get; set; }

    /// <summary>2,880 a day is one in 30 seconds.</summary>
    public double MaxHeartbeatsPerDay { get; set; } = 2_880;

    public IReadOnlyList<string> RequiredImages { get; set; } = [];

    /// <summary>The endpoint that hosts are given; null: this network's own.</summary>
    public Uri? Rpc { get; set; }

    /// <summary>The last requests, oldest first; at most 1,000.</summary>
    public IReadOnlyList<HostManagerRequest> Requests
    {
        get { lock (_lock) return [.. _requests]; }
    }

    /// <summary>Gives one host a word of its own; null takes it away.</summary>
    public void SetStatus(PublicKey host, string? status)
    {
        lock (_lock)
        {
            if (status is null) _statuses.Remove(host);
            else _statuses[host] = status;
        }
    }

    internal string? StatusOf(PublicKey host)
    {
        lock (_lock) return _statuses.GetValueOrDefault(host) ?? DefaultStatus;
    }

    internal void Record(HostManagerRequest request)
    {
        lock (_lock)
        {
            _requests.Enqueue(request);
            if (_requests.Count > KeptRequests) _requests.Dequeue();
        }
    }
}

/// <summary>One request, as it came.</summary>
/// <param name="Path">Below the stand-in's URL, with its leading slash.</param>
/// <param name="Authorization">The whole header; null when there was none.</param>
/// <param name="Body">UTF-8 text.</param>
public sealed record HostManagerRequest(string Method, string Path, string? Authorization, string? ContentType, string Body, DateTimeOffset Time);
