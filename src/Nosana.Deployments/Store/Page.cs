namespace Nosana.Deployments.Store;

/// <summary>Which part of a list is wished.</summary>
/// <param name="Limit">At most so many.</param>
/// <param name="IsAscending">The oldest first.</param>
/// <param name="Cursor">One of an earlier answer; null to begin.</param>
public sealed record PageRequest(int Limit = 10, bool IsAscending = false, Cursor? Cursor = null);

/// <summary>A part of a list.</summary>
/// <param name="Items">In the order that was asked for.</param>
/// <param name="Next">Null when there is no more.</param>
/// <param name="Previous">Null on the first page.</param>
/// <param name="Total">How many there are in the whole list.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, Cursor? Next, Cursor? Previous, int Total);
