using System.Globalization;
using System.Text;
using System.Xml;

namespace Nosana.Node.Engine.Resources;

/// <summary>One page of a bucket's listing, as ListObjectsV2 of S3 answers it. Servers differ in the namespace.</summary>
/// <param name="Objects">In the page's order.</param>
/// <param name="IsTruncated">Whether more pages follow.</param>
/// <param name="Next">What asks for the next page.</param>
internal sealed record BucketPage(IReadOnlyList<BucketObject> Objects, bool IsTruncated, string? Next)
{
    /// <summary>The deepest element of a listing that there is (the checksum and the owner of an object) is at three.</summary>
    private const int MaxDepth = 8;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>Reads a page without making a tree of it: what is not a listing costs no more than its bytes.</summary>
    /// <returns>Null when it is not a listing at all.</returns>
    /// <exception cref="ResourceException"><see cref="ResourceFault.Corrupt"/>: it begins as one.</exception>
    public static BucketPage? Read(byte[] content, string source, CancellationToken cancellationToken)
    {
        using var reader = XmlReader.Create(new MemoryStream(content), Settings);
        try
        {
            if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != "ListBucketResult") return null;
        }
        catch (XmlException)
        {
            return null; // a page of the web, say
        }
        try
        {
            return Read(reader, source, cancellationToken);
        }
        catch (XmlException exception)
        {
            throw new ResourceException(ResourceFault.Corrupt,
                $"{source}: the listing is no XML (line {exception.LineNumber}, position {exception.LinePosition}). The source is at fault.", exception);
        }
    }

    /// <summary>The error code of S3's answers that are no success; null where there is none. Nothing else of such an answer is repeated.</summary>
    public static string? ErrorCode(byte[] content)
    {
        using var reader = XmlReader.Create(new MemoryStream(content), Settings);
        try
        {
            if (!reader.ReadToFollowing("Code") || reader.Depth != 1) return null;
            string code = reader.ReadElementContentAsString();
            return code.Length is > 0 and <= 64 && code.All(char.IsAsciiLetterOrDigit) ? code : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static BucketPage Read(XmlReader reader, string source, CancellationToken cancellationToken)
    {
        var objects = new List<BucketObject>();
        (bool truncated, string? next) = (false, null);
        var found = new BucketObject("", null, null);
        var text = new StringBuilder();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.Depth > MaxDepth)
                throw new ResourceException(ResourceFault.Corrupt,
                    $"{source}: the listing is nested more than {MaxDepth} elements deep, which none is. The source is at fault.");
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    text.Clear();
                    if (reader is { Depth: 1, LocalName: "Contents" }) found = new BucketObject("", null, null);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    text.Append(reader.Value);
                    break;
                case XmlNodeType.EndElement:
                    switch ((reader.Depth, reader.LocalName))
                    {
                        case (1, "IsTruncated"): truncated = text.ToString() == "true"; break;
                        case (1, "NextContinuationToken"): next = text.ToString(); break;
                        case (1, "Contents"): objects.Add(found); break;
                        case (2, "Key"): found = found with { Key = text.ToString() }; break;
                        case (2, "ETag"): found = found with { EntityTag = text.ToString() }; break;
                        case (2, "Size"): found = found with { Size = NumberOf(text.ToString()) }; break;
                    }
                    text.Clear();
                    break;
            }
        }
        return new BucketPage(objects, truncated, next);
    }

    private static long? NumberOf(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : null;
}

/// <summary>An object of a bucket, as a listing has it.</summary>
/// <param name="Key">Its whole name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="EntityTag">With its quotes, or without.</param>
internal sealed record BucketObject(string Key, long? Size, string? EntityTag)
{
    /// <summary>Consoles make empty objects for what they show as folders.</summary>
    public bool IsFolder => Key.EndsWith('/') && Size is 0 or null;
}
