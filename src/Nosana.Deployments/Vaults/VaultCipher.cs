using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace Nosana.Deployments.Vaults;

/// <summary>
/// AES-256-GCM under the master key. What it writes is <c>v1:</c> and the network's own form, three times lower-case hex: nonce (16 bytes), tag (16) and
/// cipher text, with colons between. The network's form alone is read as well.
/// </summary>
public sealed class VaultCipher(MasterKey master)
{
    private const string Version = "v1:";
    private const int NonceLength = 16, TagLength = 16;

    public string Encrypt(string plain) => Version + Encrypt(plain, RandomNumberGenerator.GetBytes(NonceLength));

    /// <exception cref="CryptographicException">It is not of this form, or of another master key, or was changed.</exception>
    public string Decrypt(string stored)
    {
        string[] parts = (stored.StartsWith(Version, StringComparison.Ordinal) ? stored[Version.Length..] : stored).Split(':');
        if (parts.Length != 3 || Bytes(parts[0]) is not { Length: NonceLength } nonce || Bytes(parts[1]) is not { Length: TagLength } tag
            || Bytes(parts[2]) is not { } text)
            throw new CryptographicException("A stored key is of no form that is known here: it was written by another version, or damaged.");
        try
        {
            return Encoding.UTF8.GetString(Run(isEncryption: false, nonce, [.. text, .. tag]));
        }
        catch (InvalidCipherTextException e)
        {
            throw new CryptographicException("A stored key does not open: the master key is another than it was written with, or it was changed.", e);
        }
    }

    /// <summary>The network's form.</summary>
    internal string Encrypt(string plain, byte[] nonce)
    {
        byte[] sealedText = Run(isEncryption: true, nonce, Encoding.UTF8.GetBytes(plain));
        return $"{Convert.ToHexStringLower(nonce)}:{Convert.ToHexStringLower(sealedText[^TagLength..])}:{Convert.ToHexStringLower(sealedText[..^TagLength])}";
    }

    private byte[] Run(bool isEncryption, byte[] nonce, byte[] input)
    {
        var cipher = new GcmBlockCipher(new AesEngine());
        cipher.Init(isEncryption, new AeadParameters(new KeyParameter(master.Bytes.ToArray()), TagLength * 8, nonce));
        byte[] output = new byte[cipher.GetOutputSize(input.Length)];
        int length = cipher.ProcessBytes(input, 0, input.Length, output, 0);
        cipher.DoFinal(output, length);
        return output;
    }

    private static byte[]? Bytes(string hex)
    {
        byte[] bytes = new byte[hex.Length / 2];
        return hex.Length % 2 == 0 && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? bytes : null;
    }
}
