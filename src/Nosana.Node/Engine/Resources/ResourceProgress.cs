namespace Nosana.Node.Engine.Resources;

/// <summary>How far a download is.</summary>
/// <param name="CurrentBytes">Here, those of an earlier unfinished download among them.</param>
/// <param name="TotalBytes">Announced; 0 while a file's size is unknown.</param>
/// <param name="FilesDone">Files that are complete.</param>
/// <param name="Files">Files of the resource.</param>
internal readonly record struct ResourceProgress(long CurrentBytes, long TotalBytes, int FilesDone, int Files);
