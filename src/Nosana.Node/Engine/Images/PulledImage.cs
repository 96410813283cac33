namespace Nosana.Node.Engine.Images;

/// <summary>An image that is on the engine.</summary>
/// <param name="Reference">The reference, written out.</param>
/// <param name="Id">The engine's id of it.</param>
/// <param name="Digest">The registry's digest (<c>sha256:…</c>); null for an image that was never pulled.</param>
/// <param name="WasPresent">It was there already.</param>
/// <param name="Bytes">With all its layers.</param>
internal sealed record PulledImage(string Reference, string Id, string? Digest, bool WasPresent, long Bytes = 0);
