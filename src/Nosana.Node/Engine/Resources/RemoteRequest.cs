namespace Nosana.Node.Engine.Resources;

/// <summary>One request to a source.</summary>
internal sealed record RemoteRequest
{
    public required Uri Url { get; init; }

    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The resource in the words of messages; no credentials.</summary>
    public required string Source { get; init; }

    /// <summary>The operator named this place; others must be on the public internet.</summary>
    public bool Trusted { get; init; }

    /// <summary>Sent to the address's own host only.</summary>
    public string? BearerToken { get; init; }

    public string? Accept { get; init; }

    /// <summary>First byte asked for; null asks for all.</summary>
    public long? From { get; init; }

    /// <summary>Last byte, inclusive; null is the end.</summary>
    public long? To { get; init; }

    public string? IfMatch { get; init; }

    /// <summary>The address without what may be secret.</summary>
    public string Shown => Show(Url);

    public static string Show(Uri url) =>
        url.GetComponents(UriComponents.Scheme | UriComponents.Host | UriComponents.Port | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Neither user names nor queries get into logs.</summary>
    public override string ToString() => $"{Method} {Shown}";
}
