using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Nosana.Node.Engine.Resources;

/// <summary>A digest that a source announces of a file.</summary>
/// <param name="Kind">How it is taken.</param>
/// <param name="Hex">Lower case.</param>
internal sealed record RemoteChecksum(ChecksumKind Kind, string Hex)
{
    /// <summary>The digest of what came.</summary>
    public async Task<string> ComputeAsync(Stream content, CancellationToken cancellationToken)
    {
#pragma warning disable CA5350 // git names its objects by SHA-1; it is compared with, not relied on for secrecy
        using var hash = IncrementalHash.CreateHash(Kind == ChecksumKind.GitBlob ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
#pragma warning restore CA5350
        // A git object is its kind, its size and a NUL before the content.
        if (Kind == ChecksumKind.GitBlob) hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {content.Length}\0")));
        byte[] buffer = new byte[1 << 20];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0) hash.AppendData(buffer, 0, read);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

internal enum ChecksumKind
{
    Sha256,

    /// <summary>The name of a file's content in git.</summary>
    GitBlob,
}
