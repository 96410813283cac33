namespace Nosana.Node.Engine.Resources;

/// <summary>Where an address is really fetched from: the operator's longest matching prefix, else the network's own rewrites.</summary>
internal sealed class MirrorMap(IReadOnlyList<Mirror> operators)
{
    /// <summary>The network's bucket is served by its host (the official host's rewrite).</summary>
    private static readonly Mirror[] BuiltIn = [new("s3://nos-ai-models-qllsn32u", "https://models.nosana.io")];

    /// <param name="Url">Where to ask.</param>
    /// <param name="Trusted">The operator named the place: it may lie within this machine's own networks.</param>
    internal readonly record struct Place(string Url, bool Trusted);

    public Place Map(string url)
    {
        if (Longest(operators, url) is { } chosen) return new Place(Apply(chosen, url), Trusted: true);
        if (Longest(BuiltIn, url) is not { } rewrite) return new Place(url, Trusted: false);
        string rewritten = Apply(rewrite, url);
        // An operator may mirror what the network's own bucket is served by.
        return Longest(operators, rewritten) is { } again ? new Place(Apply(again, rewritten), Trusted: true) : new Place(rewritten, Trusted: false);
    }

    /// <summary>The base address of a kind of source: one that the operator set is his own choice, as a mirror is.</summary>
    public Place MapBase(Uri configured, Uri official)
    {
        Place place = Map(configured.AbsoluteUri.TrimEnd('/'));
        return place with { Trusted = place.Trusted || configured != official };
    }

    private static Mirror? Longest(IReadOnlyList<Mirror> mirrors, string url) =>
        mirrors.Where(mirror => Matches(mirror, url)).MaxBy(mirror => mirror.Prefix.Length);

    // A prefix ends where a part of the address ends: s3://models is none of s3://models-private.
    private static bool Matches(Mirror mirror, string url) =>
        url.StartsWith(mirror.Prefix, StringComparison.OrdinalIgnoreCase)
        && (url.Length == mirror.Prefix.Length || url[mirror.Prefix.Length] is '/' or '?');

    private static string Apply(Mirror mirror, string url) => mirror.Url + url[mirror.Prefix.Length..];
}
