using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Nosana.Deployments.Store;

/// <summary>Pages by the place after a row, not by a number of rows: what is added or removed meanwhile neither repeats nor hides any.</summary>
internal static class Paging
{
    /// <param name="rows">Those that the filter lets through.</param>
    /// <param name="request">Which part.</param>
    /// <param name="at">What they are ordered by.</param>
    /// <param name="id">What tells apart those of one time: a text or a whole number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Page<T>> PageAsync<T, TId>(
        this IQueryable<T> rows, PageRequest request, Expression<Func<T, DateTimeOffset>> at, Expression<Func<T, TId>> id, CancellationToken cancellationToken)
        where TId : IParsable<TId>
    {
        int total = await rows.CountAsync(cancellationToken);
        bool isBackwards = request.Cursor is { IsBackwards: true }, isAscending = request.IsAscending != isBackwards;
        IQueryable<T> rest = rows;
        if (request.Cursor is { } cursor)
        {
            // An id of another kind of list is no place in this one.
            if (!TId.TryParse(cursor.Id, System.Globalization.CultureInfo.InvariantCulture, out TId? last)) return new Page<T>([], null, null, total);
            rest = rows.Where(Beyond(at, id, cursor.At, last, isAscending));
        }
        rest = isAscending ? rest.OrderBy(at).ThenBy(id) : rest.OrderByDescending(at).ThenByDescending(id);
        List<T> items = await rest.Take(request.Limit + 1).ToListAsync(cancellationToken);
        bool isMore = items.Count > request.Limit;
        if (isMore) items.RemoveAt(request.Limit);
        if (isBackwards) items.Reverse();
        if (items.Count == 0) return new Page<T>(items, null, null, total);
        Func<T, DateTimeOffset> timeOf = at.Compile();
        Func<T, TId> idOf = id.Compile();
        return new Page<T>(
            items,
            isBackwards || isMore ? Place(items[^1], false) : null,
            isBackwards ? isMore ? Place(items[0], true) : null : request.Cursor is null ? null : Place(items[0], true),
            total);

        Cursor Place(T row, bool backwards) => new(timeOf(row), idOf(row)!.ToString()!, backwards);
    }

    // at > time || (at == time && id > last), or with < for both.
    private static Expression<Func<T, bool>> Beyond<T, TId>(
        Expression<Func<T, DateTimeOffset>> at, Expression<Func<T, TId>> id, DateTimeOffset time, TId last, bool isAscending)
    {
        ParameterExpression row = at.Parameters[0];
        Expression rowAt = at.Body, rowId = new Replaced(id.Parameters[0], row).Visit(id.Body);
        // Parameters of the query, not constants: the database sees one text for all pages.
        Expression cursorAt = Expression.Field(Expression.Constant(new Held<DateTimeOffset>(time)), nameof(Held<>.Value));
        Expression cursorId = Expression.Field(Expression.Constant(new Held<TId>(last)), nameof(Held<>.Value));
        if (typeof(TId) == typeof(string))
        {
            rowId = Expression.Call(typeof(string).GetMethod(nameof(string.Compare), [typeof(string), typeof(string)])!, rowId, cursorId);
            cursorId = Expression.Constant(0);
        }
        Func<Expression, Expression, Expression> than = isAscending ? Expression.GreaterThan : Expression.LessThan;
        return Expression.Lambda<Func<T, bool>>(
            Expression.OrElse(than(rowAt, cursorAt), Expression.AndAlso(Expression.Equal(rowAt, cursorAt), than(rowId, cursorId))), row);
    }

    private sealed class Held<TValue>(TValue value)
    {
        public readonly TValue Value = value;
    }

    private sealed class Replaced(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : base.VisitParameter(node);
    }
}
