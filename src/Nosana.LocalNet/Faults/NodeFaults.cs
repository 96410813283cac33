using System.Collections.Concurrent;

namespace Nosana.LocalNet.Faults;

/// <summary>What one of the network's two RPC nodes does wrong over HTTP; its WebSocket is always on time.</summary>
public sealed class NodeFaults
{
    private readonly ConcurrentDictionary<string, (int Code, string Message)> _refused = new();

    /// <summary>
    /// The node shows accounts, its slot and the fate of transactions as they were so many slots ago. At most <see cref="MostLag"/>.
    /// </summary>
    public int LagSlots { get; set; }

    /// <summary>How many slots of the past the network keeps.</summary>
    public const int MostLag = 1500;

    /// <summary>The node answers from whatever slot it is at, as one that does not know the option.</summary>
    public bool IgnoresMinContextSlot { get; set; }

    /// <summary>Every request is answered with this HTTP status; null for real answers.</summary>
    public int? Status { get; set; }

    /// <summary>A method is answered with this error of JSON-RPC from now on.</summary>
    public void Refuse(string method, int code, string message) => _refused[method] = (code, message);

    /// <summary>Nothing is refused any more.</summary>
    public void RefuseNothing() => _refused.Clear();

    internal (int Code, string Message)? RefusalOf(string method) => _refused.TryGetValue(method, out (int, string) refusal) ? refusal : null;
}
