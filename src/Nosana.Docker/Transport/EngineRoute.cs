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
    public bool IsUnlimited => Connection != EngineConnection.Query;

    /// <summary>What the request's connection is for.</summary>
    public EngineConnection Connection =>
        IsOutput ? EngineConnection.Output
        : IsTerminal ? EngineConnection.Terminal
        : Path == "/events" || Path.EndsWith("/wait", StringComparison.Ordinal) || Path.EndsWith("/stats", StringComparison.Ordinal) ? EngineConnection.Watch
        : Path is ImagePull or PodmanPull or "/system/df" || (IsArchive && Method != HttpMethod.Put) ? EngineConnection.Download
        : IsArchive || Path.EndsWith("/push", StringComparison.Ordinal) ? EngineConnection.Upload
        : Path.EndsWith("/stop", StringComparison.Ordinal) || Path.EndsWith("/restart", StringComparison.Ordinal)
            || (Method == HttpMethod.Delete && Resource == EngineResource.Image) ? EngineConnection.End
        : EngineConnection.Query;

    /// <summary>What a status 404 means when the engine's words do not say.</summary>
    public EngineResource Resource =>
        Path is "/containers/create" || IsArchive ? EngineResource.Other
        : Path.StartsWith("/containers/", StringComparison.Ordinal) ? EngineResource.Container
        : Path.StartsWith("/images/", StringComparison.Ordinal) ? EngineResource.Image
        : Path.StartsWith("/networks/", StringComparison.Ordinal) ? EngineResource.Network
        : Path.StartsWith("/volumes/", StringComparison.Ordinal) ? EngineResource.Volume
        : EngineResource.Other;

    private bool IsTerminal => Path.StartsWith("/exec/", StringComparison.Ordinal) && Path.EndsWith("/start", StringComparison.Ordinal);

    private bool IsArchive => Path.EndsWith("/archive", StringComparison.Ordinal);

    /// <summary>For people: verb and path.</summary>
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>
/// What connections are for. Each kind has its own, so that none waits for another: what ends a container never waits for what containers do.
/// </summary>
internal enum EngineConnection
{
    /// <summary>A question that is answered soon.</summary>
    Query,

    /// <summary>The output of a container, as long as it runs.</summary>
    Output,

    /// <summary>The end of a container and what it uses, as long as it runs; what happens on the engine.</summary>
    Watch,

    /// <summary>A program's terminal, as long as it runs.</summary>
    Terminal,

    /// <summary>The engine fetches or reads as long as that takes.</summary>
    Download,

    /// <summary>The engine takes in as long as that takes. Apart from downloads: a copy is one of each.</summary>
    Upload,

    /// <summary>A container is stopped or an image removed: seconds.</summary>
    End,
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
