namespace Nosana.Solana.Rpc.Http;

/// <summary>Why an attempt brought no answer.</summary>
/// <param name="Reason">For people, without the URL.</param>
/// <param name="MayHaveActed">The node may have acted on the request.</param>
/// <param name="EndpointRefuses">Asking this node again is useless (credentials, path); another may answer.</param>
/// <param name="RetryAfter">How long the node asked to be left alone.</param>
internal sealed record AttemptFailure(string Reason, bool MayHaveActed, bool EndpointRefuses = false, TimeSpan RetryAfter = default, Exception? Exception = null);
