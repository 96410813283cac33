using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Nosana.Node.Api;

/// <summary>Which requests came through the ingress, by the listener that took them: what a request says of itself proves nothing.</summary>
internal static class Outside
{
    private static readonly object s_mark = new();

    private static readonly string[] s_own = ["localhost", "127.0.0.1"];

    /// <summary>Everything that this listener takes is the world's.</summary>
    public static void Mark(ListenOptions endpoint) => endpoint.Use(next => connection =>
    {
        connection.Items[s_mark] = s_mark;
        return next(connection);
    });

    public static bool IsFrom(HttpContext http) => http.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(s_mark) == true;

    /// <summary>Whether somebody on this machine asks this machine. A page of the world in his browser, which may have its name point here, does not.</summary>
    public static bool IsOwnPerson(HttpContext http) => !IsFrom(http) && s_own.Contains(http.Request.Host.Host, StringComparer.OrdinalIgnoreCase);
}
