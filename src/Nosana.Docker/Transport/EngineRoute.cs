namespace Nosana.Docker.Transport;

/// <summary>What a request of the library asks for, as far as its transport treats requests differently.</summary>
/// <param name="Method">Verb.</param>
/// <param name="Path">Path without a version.</param>
internal readonly record struct EngineRoute(HttpMethod Method, string Path)
{
    public static EngineRoute Of(HttpRequestMessage request) => new(request.Method, request.RequestUri!.AbsolutePath);

    /// <summary>Whether the path goes without a version: the two requests that find the version out.</summary>
    public bool IsUnversioned => Path is "/version" or "/_ping";

    /// <summary>Whether the answer is a container's output: many small pieces, for as long as it runs.</summary>
    public bool IsOutput => Path.EndsWith("/logs", StringComparison.Ordinal);

    /// <summary>Whether the answer may take as long as it takes.</summary>
    public bool IsUnlimited => IsOutput || Path is "/events" or "/images/create" or "/system/df"
        || Path.EndsWith("/wait", StringComparison.Ordinal) || Path.EndsWith("/stop", StringComparison.Ordinal)
        || Path.EndsWith("/archive", StringComparison.Ordinal) || Path.EndsWith("/push", StringComparison.Ordinal)
        || (Method == HttpMethod.Delete && Resource == EngineResource.Image);

    /// <summary>What a status 404 means when the engine's words do not say.</summary>
    public EngineResource Resource =>
        Path is "/containers/create" || Path.EndsWith("/archive", StringComparison.Ordinal) ? EngineResource.Other
        : Path.StartsWith("/containers/", StringComparison.Ordinal) ? EngineResource.Container
        : Path.StartsWith("/images/", StringComparison.Ordinal) ? EngineResource.Image
        : Path.StartsWith("/networks/", StringComparison.Ordinal) ? EngineResource.Network
        : Path.StartsWith("/volumes/", StringComparison.Ordinal) ? EngineResource.Volume
        : EngineResource.Other;

    /// <summary>For people: verb and path.</summary>
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>Kinds of things that an engine has.</summary>
internal enum EngineResource
{
    Other,
    Container,
    Image,
    Network,
    Volume,
}
