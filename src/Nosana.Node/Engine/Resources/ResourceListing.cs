using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Nosana.Node.Engine.Resources;

/// <summary>What a resource consists of now.</summary>
/// <param name="Source">The resource in the words of messages, such as <c>s3://bucket/prefix</c>; no credentials.</param>
/// <param name="Address">Where it is really fetched from; no credentials.</param>
/// <param name="CredentialsFingerprint">Digest of the credentials it is fetched with; empty for none.</param>
/// <param name="Files">In order of path.</param>
internal sealed record ResourceListing(string Source, string Address, string CredentialsFingerprint, IReadOnlyList<RemoteFile> Files)
{
    /// <summary>Bytes, as far as announced.</summary>
    public long Bytes => Files.Sum(file => file.Size ?? file.Content?.Length ?? 0);

    /// <summary>
    /// Names the content: the same for the same files of the same address, fetched with the same credentials. What one set of credentials
    /// can read is thereby never given to another, although their contents may be equal.
    /// </summary>
    public string Key()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(digest, Address);
        Add(digest, CredentialsFingerprint);
        foreach (RemoteFile file in Files)
        {
            Add(digest, file.Path);
            Add(digest, file.Size?.ToString(CultureInfo.InvariantCulture) ?? "");
            // What has no version might have changed: it is another content each time.
            Add(digest, file.Version ?? Guid.NewGuid().ToString());
        }
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>Digest of credentials, for <see cref="CredentialsFingerprint"/>.</summary>
    public static string Fingerprint(params ReadOnlySpan<string> credentials)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in credentials) Add(digest, part);
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    // With its length before it, no part can pass for two.
    private static void Add(IncrementalHash digest, string part) =>
        digest.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{part.Length}:{part};")));
}
