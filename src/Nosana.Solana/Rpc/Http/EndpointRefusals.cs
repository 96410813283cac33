using System.Collections.Concurrent;

namespace Nosana.Solana.Rpc.Http;

/// <summary>
/// Which nodes will not serve which methods. A provider may serve all but one, so a refusal says nothing of other methods; and plans change, so that
/// it is asked again after a while.
/// </summary>
internal sealed class EndpointRefusals(int endpoints, TimeSpan remembered, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Method, int Index), long> _refused = new();

    /// <summary>Nodes that are not to be asked; never all of them, since an answer that is no longer true would end every call.</summary>
    public HashSet<int> Of(string method)
    {
        HashSet<int> refusing = [.. Enumerable.Range(0, endpoints)
            .Where(index => _refused.TryGetValue((method, index), out long at) && time.GetElapsedTime(at) < remembered)];
        return refusing.Count == endpoints ? [] : refusing;
    }

    public void Add(string method, int index) => _refused[(method, index)] = time.GetTimestamp();
}
