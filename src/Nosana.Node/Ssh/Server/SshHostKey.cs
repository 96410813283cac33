using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Nosana.Node.Files;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Ssh.Server;

/// <summary>
/// The key by which clients know this host again (Ed25519, in OpenSSH's form): made once and kept, since a client that has seen it refuses another one.
/// </summary>
internal static class SshHostKey
{
    private const string FileName = "ssh_host_ed25519_key", Algorithm = "ssh-ed25519", Label = "OPENSSH PRIVATE KEY";

    /// <returns>The text of the file.</returns>
    /// <exception cref="IOException">It can be neither read nor made.</exception>
    /// <exception cref="UnauthorizedAccessException">Neither may it be.</exception>
    public static string LoadOrMake(string stateDirectory)
    {
        string path = Path.Combine(stateDirectory, FileName);
        if (File.Exists(path))
        {
            if ((File.GetUnixFileMode(path) & ~PrivateFiles.FileMode) != 0) File.SetUnixFileMode(path, PrivateFiles.FileMode);
            return File.ReadAllText(path);
        }
        string made = Make();
        PrivateFiles.Replace(path, Encoding.ASCII.GetBytes(made));
        return made;
    }

    /// <summary>OpenSSH's PROTOCOL.key, without a passphrase.</summary>
    private static string Make()
    {
        using var key = new Account();
        byte[] publicKey = key.PublicKey.KeyBytes, secretKey = key.ExportSecretKey();
        byte[] blob = [.. Text(Algorithm), .. Bytes(publicKey)];
        byte[] check = RandomNumberGenerator.GetBytes(4);
        byte[] secret = [.. check, .. check, .. blob, .. Bytes(secretKey), .. Text("nosana-node")];
        byte[] padding = [.. Enumerable.Range(1, (8 - (secret.Length % 8)) % 8).Select(i => (byte)i)];
        byte[] whole =
        [
            .. Encoding.ASCII.GetBytes("openssh-key-v1\0"), .. Text("none"), .. Text("none"), .. Text(""), .. Number(1), .. Bytes(blob),
            .. Bytes([.. secret, .. padding]),
        ];
        return PemEncoding.WriteString(Label, whole) + "\n";
    }

    private static byte[] Text(string text) => Bytes(Encoding.ASCII.GetBytes(text));

    private static byte[] Bytes(byte[] bytes) => [.. Number(bytes.Length), .. bytes];

    private static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
