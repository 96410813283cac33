using System.Text.Json.Serialization;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Api.Views;

/// <summary>Where a list goes on, in both directions.</summary>
internal sealed record Pagination(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? CursorNext,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? CursorPrev,
    int TotalItems)
{
    public static Pagination Of<T>(Page<T> page) => new(page.Next?.ToString(), page.Previous?.ToString(), page.Total);
}

internal sealed record DeploymentsView(IReadOnlyList<DeploymentView> Deployments, Pagination Pagination);

internal sealed record JobsView(IReadOnlyList<JobView> Jobs, Pagination Pagination);

internal sealed record RevisionsView(IReadOnlyList<RevisionView> Revisions, Pagination Pagination);

internal sealed record EventsView(IReadOnlyList<EventView> Events, Pagination Pagination);

internal sealed record TasksView(IReadOnlyList<TaskView> Tasks, Pagination Pagination);
