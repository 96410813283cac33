namespace Nosana.Node.Engine.Resources;

/// <summary>
/// The way through a listing that comes in pages. It ends where the source says so and nowhere else: a page that is announced and cannot be
/// asked for, or that was asked for before, is an error, since what was found until then is not the resource.
/// </summary>
internal sealed class ListingPages(string source, ResourceOptions options)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Counts a page. What is in it may be nothing at all, and reading it takes the host's time all the same.</summary>
    /// <exception cref="ResourceException"><see cref="ResourceFault.TooLarge"/>.</exception>
    public void Read(byte[] page)
    {
        _bytes += page.Length;
        if (_bytes > options.MaxListingBytes)
            throw new ResourceException(ResourceFault.TooLarge,
                $"{source}: the listing has more than {options.MaxListingBytes} bytes. Name the needed files in 'files'.");
    }

    /// <param name="next">What the source says of the next page.</param>
    /// <returns>The same.</returns>
    /// <exception cref="ResourceException"><see cref="ResourceFault.Corrupt"/>, or <see cref="ResourceFault.TooLarge"/>.</exception>
    public string Follow(string? next)
    {
        if (string.IsNullOrEmpty(next))
            throw new ResourceException(ResourceFault.Corrupt, $"{source}: the listing says that there is more, and not where. The source is at fault.");
        if (!_asked.Add(next))
            throw new ResourceException(ResourceFault.Corrupt,
                $"{source}: the listing leads back to a page that it has led to before. The source is at fault.");
        if (_asked.Count >= options.MaxPages)
            throw new ResourceException(ResourceFault.TooLarge,
                $"{source}: the listing has more than {options.MaxPages} pages. Name the needed files in 'files'.");
        return next;
    }
}
