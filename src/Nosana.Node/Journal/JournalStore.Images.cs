using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Nosana.Node.Journal;

/// <summary>Images that this agent pulled.</summary>
internal sealed partial class JournalStore
{
    private const string ImageColumns = "reference, image_id, bytes, private, required, last_used";

    /// <summary>Writes an image whole; <see cref="CachedImage.LastUsed"/> becomes now.</summary>
    public void Save(CachedImage image) => Execute(
        $"""
        INSERT INTO images ({ImageColumns}) VALUES ($reference, $id, $bytes, $private, $required, $now)
        ON CONFLICT (reference) DO UPDATE SET image_id = $id, bytes = $bytes, private = $private, required = $required, last_used = $now
        """,
        ("$reference", image.Reference), ("$id", image.ImageId), ("$bytes", image.Bytes),
        ("$private", image.Private ? 1 : 0), ("$required", image.Required ? 1 : 0), ("$now", Now));

    public void TouchImage(string reference) => Execute("UPDATE images SET last_used = $now WHERE reference = $reference", ("$now", Now), ("$reference", reference));

    public void DeleteImage(string reference) => Execute("DELETE FROM images WHERE reference = $reference", ("$reference", reference));

    /// <summary>From now on exactly these of the images are required.</summary>
    public void RequireImages(IEnumerable<string> references) => Execute(
        "UPDATE images SET required = reference IN (SELECT value FROM json_each($references))",
        ("$references", JsonSerializer.Serialize(references.ToArray())));

    /// <summary>Everybody may have the image: a registry gave it to somebody without an account.</summary>
    public void PublishImage(string imageId) => Execute("UPDATE images SET private = 0 WHERE image_id = $id AND private <> 0", ("$id", imageId));

    public CachedImage? FindImage(string reference) => Read($"SELECT {ImageColumns} FROM images WHERE reference = $reference", ReadImage, ("$reference", reference)).FirstOrDefault();

    /// <summary>All images that this agent pulled: those that no reference names any more, then the one that was not used for longest first.</summary>
    public IReadOnlyList<CachedImage> CachedImages() => Read($"SELECT {ImageColumns} FROM images ORDER BY COALESCE(reference = image_id, 0) DESC, last_used, rowid", ReadImage);

    private static CachedImage ReadImage(SqliteDataReader row) => new()
    {
        Reference = row.GetString(0),
        ImageId = Text(row, "image_id"),
        Bytes = row.GetInt64(2),
        Private = row.GetInt64(3) != 0,
        Required = row.GetInt64(4) != 0,
        LastUsed = row.GetInt64(5),
    };
}
