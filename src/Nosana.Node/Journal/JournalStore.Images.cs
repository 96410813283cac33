namespace Nosana.Node.Journal;

/// <summary>Images that this agent pulled.</summary>
internal sealed partial class JournalStore
{
    /// <summary>Writes an image whole; <see cref="CachedImage.LastUsed"/> becomes now.</summary>
    public void Save(CachedImage image) => Execute(
        """
        INSERT INTO images (reference, image_id, bytes, private, required, last_used) VALUES (@Reference, @ImageId, @Bytes, @Private, @Required, @LastUsed)
        ON CONFLICT (reference) DO UPDATE SET image_id = @ImageId, bytes = @Bytes, private = @Private, required = @Required, last_used = @LastUsed
        """,
        image with { LastUsed = Now });

    public void TouchImage(string reference) => Execute("UPDATE images SET last_used = @Now WHERE reference = @reference", new { Now, reference });

    public void DeleteImage(string reference) => Execute("DELETE FROM images WHERE reference = @reference", new { reference });

    /// <summary>From now on exactly these of the images are required.</summary>
    public void RequireImages(IEnumerable<string> references) => Execute("UPDATE images SET required = reference IN @references", new { references });

    /// <summary>Everybody may have the image: a registry gave it to somebody without an account.</summary>
    public void PublishImage(string imageId) => Execute("UPDATE images SET private = 0 WHERE image_id = @imageId AND private <> 0", new { imageId });

    public CachedImage? FindImage(string reference) =>
        Read<CachedImage>("SELECT * FROM images WHERE reference = @reference", new { reference }).FirstOrDefault();

    /// <summary>All images that this agent pulled: those that no reference names any more, then the one that was not used for longest first.</summary>
    public IReadOnlyList<CachedImage> CachedImages() =>
        Read<CachedImage>("SELECT * FROM images ORDER BY COALESCE(reference = image_id, 0) DESC, last_used, rowid");
}
