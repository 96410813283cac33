namespace Nosana.Node.Logs;

/// <summary>A part of a segment file to read: from the entry at an offset, up to an end.</summary>
internal readonly record struct LogRange(string Path, long Entry, long Offset, long End);
