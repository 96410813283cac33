namespace Nosana.Solana.Rpc.Http;

/// <summary>Why a call has no answer yet: the last reason of each node that was asked.</summary>
internal sealed class CallFailures(string method, IReadOnlyList<Uri> endpoints)
{
    private readonly SortedDictionary<int, AttemptFailure> _byNode = [];
    private AttemptFailure? _last;

    public void Add(int index, AttemptFailure failure) => _byNode[index] = _last = failure;

    /// <summary>Counts only where nothing is known that a node said itself.</summary>
    public void AddFirst(AttemptFailure failure, int index = 0)
    {
        if (_last is null) Add(index, failure);
    }

    /// <param name="attempts">Null when it was not they that ended the call.</param>
    public Exception ToException(int? attempts)
    {
        // Every node said so itself: that is the answer.
        if (_byNode.Count == endpoints.Count && _byNode.Values.All(failure => failure is { EndpointRefuses: true, Exception: RpcException }))
        {
            var said = (RpcException)_last!.Exception!;
            return _byNode.Count == 1
                ? said
                : new RpcException(
                    method, said.Code, string.Join("; ", _byNode.Select(pair => $"{Name(pair.Key)}: {((RpcException)pair.Value.Exception!).RpcMessage}")));
        }
        string remedy = _byNode.Values.Any(failure => failure.EndpointRefuses)
            ? "Check the URL and its credentials (--rpc)."
            : "Check the URL (--rpc) and the network; public nodes limit their users, so give a node of your own or several.";
        string count = attempts is { } made and > 0 ? $" in {made} attempt{(made == 1 ? "" : "s")}" : "";
        string message = _byNode.Count == 1
            ? $"{Name(_byNode.Keys.First())} gave no answer{count}: {_last!.Reason}"
            : $"no node gave an answer{count}: {string.Join("; ", _byNode.Select(pair => $"{Name(pair.Key)}: {pair.Value.Reason}"))}";
        return new RpcUnavailableException($"Solana RPC {method}: {message}. {remedy}", _last!.Exception)
        {
            IsBehind = _byNode.Values.Any(failure => failure.IsBehind),
        };
    }

    private string Name(int index) => EndpointName.Of(endpoints[index]);
}
