namespace Nosana.Docker.Transport;

/// <summary>A request to the engine, before it has a version and an address.</summary>
/// <param name="Method">Verb.</param>
/// <param name="Path">Path without the version, from <see cref="EnginePath"/>.</param>
/// <param name="Query">Query, or null.</param>
internal sealed record EngineRequest(HttpMethod Method, string Path, QueryString? Query = null)
{
    public HttpContent? Content { get; init; }

    /// <summary>Value of X-Registry-Auth, or null for none.</summary>
    public string? RegistryAuth { get; init; }

    /// <summary>What a status 404 means when the engine's words do not say.</summary>
    public EngineResource Resource { get; init; }

    /// <summary>Whether the path goes without a version: the two requests that find the version out.</summary>
    public bool IsUnversioned { get; init; }

    /// <summary>Whether the answer is a container's output: many small pieces, for as long as it runs.</summary>
    public bool IsOutput { get; init; }

    /// <summary>For people: verb and path.</summary>
    public override string ToString() => $"{Method} {Path}";
}
