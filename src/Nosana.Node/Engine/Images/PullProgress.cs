namespace Nosana.Node.Engine.Images;

/// <summary>How far a pull is.</summary>
/// <param name="CurrentBytes">Downloaded, of the layers that are not here already.</param>
/// <param name="TotalBytes">To download, as far as known; grows while layers are announced.</param>
/// <param name="LayersDone">Layers that are complete, those that were here before among them.</param>
/// <param name="Layers">Layers announced so far.</param>
/// <param name="Status">What the engine does, for people, for example <c>Downloading</c>.</param>
/// <param name="Moved">Bytes downloaded or unpacked: as long as it grows the pull is alive.</param>
/// <param name="Problem">What a try has met after which another follows; null while it gets on.</param>
internal readonly record struct PullProgress(
    long CurrentBytes, long TotalBytes, int LayersDone, int Layers, string Status, long Moved = 0, string? Problem = null)
{
    /// <summary>It has begun, and nothing has come.</summary>
    public static PullProgress Begun { get; } = new(0, 0, 0, 0, "");
}

/// <summary>Calls back at once and in order, where <see cref="Progress{T}"/> would hand over to the thread pool.</summary>
internal sealed class SynchronousProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}

/// <summary>An image that is on the engine.</summary>
/// <param name="Reference">The reference, written out.</param>
/// <param name="Id">The engine's id of it.</param>
/// <param name="Digest">The registry's digest (<c>sha256:…</c>); null for an image that was never pulled.</param>
/// <param name="WasPresent">It was there already.</param>
/// <param name="Bytes">With all its layers.</param>
internal sealed record PulledImage(string Reference, string Id, string? Digest, bool WasPresent, long Bytes = 0);
