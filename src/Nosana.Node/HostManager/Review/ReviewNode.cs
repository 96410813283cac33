using Nosana.Solana.Rpc;

namespace Nosana.Node.HostManager.Review;

/// <summary>
/// Who tells what a stranger's transaction would do: an endpoint of the network's own or of the operator's. The one that the host manager gives
/// is not asked: the author of a transaction would tell what his transaction does.
/// </summary>
/// <param name="rpc">Becomes this one's own; null when every endpoint that is known was chosen by the author.</param>
internal sealed class ReviewNode(RpcClient? rpc) : IDisposable
{
    public IRpcClient? Rpc => rpc;

    public void Dispose() => rpc?.Dispose();
}
