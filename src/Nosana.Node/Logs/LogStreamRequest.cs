using Nosana.Docker;

namespace Nosana.Node.Logs;

/// <summary>Which part of a container's output is wanted; every frame with its time.</summary>
/// <param name="Since">First moment, inclusive, in the engine's form; null is the beginning.</param>
/// <param name="Follow">Whether to go on until the container ends.</param>
/// <param name="Tail">The newest frames alone; null is all.</param>
internal readonly record struct LogStreamRequest(string? Since, bool Follow, int? Tail = null);

/// <summary>Opens a container's output; null when there is no such container any more.</summary>
internal delegate Task<MultiplexedStream?> OpenLogStream(LogStreamRequest request, CancellationToken cancellationToken);
