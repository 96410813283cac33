using System.Web;

namespace Nosana.Docker.Tests;

/// <summary>A request as the fake engine got it.</summary>
/// <param name="Method">Verb.</param>
/// <param name="Target">Path and query as on the wire.</param>
/// <param name="Body">Body as text; empty for uploads that wait for 100 Continue.</param>
/// <param name="Headers">Headers.</param>
internal sealed record RecordedRequest(string Method, string Target, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Path => Target.Split('?')[0];

    /// <summary>Value of a query parameter, or null.</summary>
    public string? Query(string name) => HttpUtility.ParseQueryString(Target.Contains('?') ? Target.Split('?', 2)[1] : "")[name];
}
