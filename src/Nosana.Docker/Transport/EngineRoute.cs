namespace Nosana.Docker.Transport;

/// <summary>What a request of the library asks for, as far as its transport treats requests differently.</summary>
/// <param name="Method">Verb.</param>
/// <param name="Path">Path without a version.</param>
internal readonly record struct EngineRoute(HttpMethod Method, string Path)
{
    public const string ImagePull = "/images/create";

    /// <summary>Podman's own API has versions of its own; 4 is the oldest that is asked.</summary>
    public const string PodmanPull = "/v4.0.0/libpod/images/pull", PodmanInfo = "/v4.0.0/libpod/info";

    public static EngineRoute Of(HttpRequestMessage request) => new(request.Method, request.RequestUri!.AbsolutePath);

    /// <summary>Whether the path is whole: the two requests that find the version out, and those that have another one.</summary>
    public bool IsUnversioned => Path is "/version" or "/_ping" or PodmanPull or PodmanInfo;

    /// <summary>Whether the answer is a container's output: many small pieces, for as long as it runs.</summary>
    public bool IsOutput => Path.EndsWith("/logs", StringComparison.Ordinal);

    /// <summary>Whether the answer may take as long as it takes.</summary>
    public bool IsUnlimited => IsOutput || Path is "/events" or ImagePull or PodmanPull or "/system/df"
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
