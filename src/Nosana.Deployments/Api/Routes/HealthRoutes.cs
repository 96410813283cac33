using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Nosana.Deployments.Api.Routes;

/// <summary>Whether it is there.</summary>
internal sealed class HealthRoutes(DeploymentApiOptions options, TimeProvider time) : IApiRoutes
{
    public void Map(IEndpointRouteBuilder open, IEndpointRouteBuilder ofUser)
    {
        open.MapGet("/", IResult () => ApiReply.Empty(StatusCodes.Status200OK)).ExcludeFromDescription();
        open.MapGet("/health", IResult () => ApiReply.Ok(new HealthView("healthy", options.Role, time.GetUtcNow())))
            .WithName("GetHealth").WithTags("Health").Produces<HealthView>();
    }
}

internal sealed record HealthView(string Status, string Mode, DateTimeOffset Timestamp);
