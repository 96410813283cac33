using Nosana.Deployments.Store;

namespace Nosana.Deployments.Api.Reading;

/// <summary>A part of a list that is worked out rather than kept, by the same cursors as those that are kept.</summary>
internal static class MemoryPage
{
    public static Page<T> Of<T>(IEnumerable<T> all, PageRequest request, Func<T, DateTimeOffset> at, Func<T, string> id)
    {
        T[] sorted = [.. all.OrderBy(Key, Comparer<(long, string)>.Create(Compare))];
        bool isBackwards = request.Cursor is { IsBackwards: true }, isAscending = request.IsAscending != isBackwards;
        IEnumerable<T> rest = isAscending ? sorted : sorted.Reverse();
        if (request.Cursor is { } cursor)
        {
            (long, string) place = (cursor.At.ToUnixTimeMilliseconds(), cursor.Id);
            rest = rest.Where(one => isAscending ? Compare(Key(one), place) > 0 : Compare(Key(one), place) < 0);
        }
        List<T> items = [.. rest.Take(request.Limit + 1)];
        bool isMore = items.Count > request.Limit;
        if (isMore) items.RemoveAt(request.Limit);
        if (isBackwards) items.Reverse();
        if (items.Count == 0) return new Page<T>(items, null, null, sorted.Length);
        return new Page<T>(
            items,
            isBackwards || isMore ? Place(items[^1], false) : null,
            isBackwards ? isMore ? Place(items[0], true) : null : request.Cursor is null ? null : Place(items[0], true),
            sorted.Length);

        (long, string) Key(T one) => (at(one).ToUnixTimeMilliseconds(), id(one));
        Cursor Place(T one, bool backwards) => new(at(one), id(one), backwards);
    }

    private static int Compare((long At, string Id) one, (long At, string Id) other) =>
        one.At != other.At ? one.At.CompareTo(other.At) : string.CompareOrdinal(one.Id, other.Id);
}
