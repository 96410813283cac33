namespace Nosana.LocalNet.Content;

/// <summary>A pinned file.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="PinnedAt">When it was pinned first.</param>
/// <param name="ContentType">As it was sent; null when unknown.</param>
public sealed record Pin(ReadOnlyMemory<byte> Content, DateTimeOffset PinnedAt, string? ContentType);
