using Microsoft.AspNetCore.Http;
using Nosana.Deployments.Api.Authorization;

namespace Nosana.Deployments.Api;

/// <summary>Who asks is found out before anything of a request is looked at, and asks no more often than he may.</summary>
internal sealed class CallerFilter(UserAuthorization authorization, ApiLimits limits) : IEndpointFilter
{
    private static readonly object s_key = new();

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        string caller = await authorization.CallerAsync(http);
        limits.TakeOfOwner(caller);
        http.Items[s_key] = caller;
        return await next(context);
    }

    /// <summary>The owner's address.</summary>
    public static string Of(HttpContext http) => (string)http.Items[s_key]!;
}

internal static class CallerExtensions
{
    /// <summary>Address of who asks, whom the route's filter has found out.</summary>
    public static string Caller(this HttpContext http) => CallerFilter.Of(http);
}
