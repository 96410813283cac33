namespace Nosana.Node.Engine.Images;

/// <summary>How far a pull is.</summary>
/// <param name="CurrentBytes">Downloaded, of the layers that are not here already.</param>
/// <param name="TotalBytes">To download, as far as known; grows while layers are announced.</param>
/// <param name="LayersDone">Layers that are complete, those that were here before among them.</param>
/// <param name="Layers">Layers announced so far.</param>
/// <param name="Status">What the engine does, for people, for example <c>Downloading</c>.</param>
internal readonly record struct PullProgress(long CurrentBytes, long TotalBytes, int LayersDone, int Layers, string Status);
