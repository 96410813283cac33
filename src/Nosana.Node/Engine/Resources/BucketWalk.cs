namespace Nosana.Node.Engine.Resources;

/// <summary>All objects below a prefix of a bucket, page by page.</summary>
/// <param name="source">The resource in the words of messages.</param>
/// <param name="ask">One page; what it is given asks for the next one, null for the first. Its answer is null where there is no bucket.</param>
internal sealed class BucketWalk(string source, ResourceOptions options, Func<string?, Task<byte[]?>> ask)
{
    /// <param name="below">Prefix with a slash at its end, or nothing for the whole bucket.</param>
    /// <param name="found">Called with each object and what its key has behind the prefix.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when there is no bucket that may be listed; else all objects were found.</returns>
    public async Task<bool> RunAsync(string below, Action<BucketObject, string> found, CancellationToken cancellationToken)
    {
        var pages = new ListingPages(source, options);
        string? next = null;
        while (true)
        {
            byte[]? content = await ask(next);
            pages.Read(content ?? []);
            if (content is null || BucketPage.Read(content, source, cancellationToken) is not { } page)
            {
                if (next is null) return false;
                throw new ResourceException(ResourceFault.Corrupt, $"{source}: a later page of the listing is none. The source is at fault.");
            }
            foreach (BucketObject one in page.Objects.Where(one => !one.IsFolder))
            {
                if (!one.Key.StartsWith(below, StringComparison.Ordinal))
                    throw new ResourceException(ResourceFault.Corrupt, $"{source}: the listing has an object outside of the prefix.");
                found(one, one.Key[below.Length..]);
            }
            if (!page.IsTruncated) return true;
            next = pages.Follow(page.Next);
        }
    }
}
