namespace Nosana.Node.Engine.Resources;

/// <summary>Addresses that begin with one prefix are fetched from another place.</summary>
/// <param name="Prefix">Such as <c>s3://bucket</c> or <c>https://models.example/path</c>, without a slash at the end.</param>
/// <param name="Url">What stands in its place, likewise.</param>
internal sealed record Mirror(string Prefix, string Url)
{
    /// <summary>Reads <c>PREFIX=URL</c>.</summary>
    /// <exception cref="FormatException">It is not of that form; the message says what is.</exception>
    public static Mirror Parse(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0 || !Uri.TryCreate(text[..at], UriKind.Absolute, out _) || !Uri.TryCreate(text[(at + 1)..], UriKind.Absolute, out Uri? url)
            || url.Scheme is not ("http" or "https" or "s3"))
            throw new FormatException($"'{text}' is not a mirror. Write PREFIX=URL, such as s3://bucket=https://mirror.example/bucket.");
        return new Mirror(text[..at].TrimEnd('/'), text[(at + 1)..].TrimEnd('/'));
    }
}
