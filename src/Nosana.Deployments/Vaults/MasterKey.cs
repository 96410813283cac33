using System.Text;
using System.Text.RegularExpressions;
using Org.BouncyCastle.Crypto.Generators;

namespace Nosana.Deployments.Vaults;

/// <summary>
/// What every vault's key is encrypted with: 32 bytes that scrypt makes of a secret text, as the network's manager does, so that vaults can move between
/// the two. Whoever loses the text loses the vaults.
/// </summary>
public sealed partial class MasterKey
{
    /// <summary>Below this a text can be guessed, whatever is made of it.</summary>
    public const int LeastLength = 16;

    private const int LeastLetters = 6, Cost = 16384, BlockSize = 8, Parallelism = 1, KeyLength = 32;

    // Letters and digits alone, in lower case: however a placeholder is written. Long enough that no key made by chance holds one.
    private static readonly string[] s_placeholders =
    [
        "changeme", "changethis", "replaceme", "replacethis", "placeholder", "insertkey", "yourvault", "yoursecret", "vaultkey", "masterkey", "secretkey",
        "password", "12345678",
    ];

    private readonly byte[] _bytes;

    private MasterKey(byte[] bytes) => _bytes = bytes;

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The key of an operator's text.</summary>
    /// <exception cref="FormatException">There is none, or anybody could guess it; the sentence says what to do, and does not repeat it.</exception>
    public static MasterKey Read(string? text)
    {
        const string Remedy = "Make one with 'openssl rand -base64 32', and keep a copy elsewhere: without it the vaults' funds are lost.";
        if (string.IsNullOrWhiteSpace(text)) throw new FormatException($"Vaults need a master key, and there is none. {Remedy}");
        if (s_placeholders.Any(NotLetters().Replace(text, "").ToLowerInvariant().Contains))
            throw new FormatException($"The vaults' master key is a placeholder. {Remedy}");
        if (text.Length < LeastLength)
            throw new FormatException($"The vaults' master key has {text.Length} characters, and needs {LeastLength} at least. {Remedy}");
        if (text.Distinct().Count() < LeastLetters)
            throw new FormatException($"The vaults' master key has the same few characters again and again. {Remedy}");
        return Derive(text);
    }

    /// <summary>Of any text, for what is known to be encrypted with it.</summary>
    internal static MasterKey Derive(string text) =>
        new(SCrypt.Generate(Encoding.UTF8.GetBytes(text), "vault-encryption"u8.ToArray(), Cost, BlockSize, Parallelism, KeyLength));

    [GeneratedRegex("[^A-Za-z0-9]")]
    private static partial Regex NotLetters();
}
