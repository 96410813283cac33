namespace Nosana.Node.Api.Routes;

internal static class ReadingRoutes
{
    private static readonly string[] s_reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>A GET, which answers to a HEAD, too.</summary>
    public static RouteHandlerBuilder MapReading(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.MapMethods(pattern, s_reading, handler);
}
