using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Nosana.JobDefinition.Ssh;

/// <summary>
/// A public key as a line of <c>authorized_keys</c> without options: <c>ALGORITHM BASE64 [COMMENT]</c>. Two are the same key when algorithm and
/// blob are; the comment does not count.
/// </summary>
public sealed class SshPublicKey : IEquatable<SshPublicKey>
{
    /// <summary>Characters of a line; more than the largest RSA key takes.</summary>
    public const int MaxLineLength = 8192;

    /// <summary>
    /// The algorithms that may be named (those of the official client), and how many fields follow the name in a key's blob (RFC 4253 6.6, RFC 5656 3.1,
    /// RFC 8709 4, OpenSSH's PROTOCOL.u2f).
    /// </summary>
    private static readonly Dictionary<string, int> s_fields = new(StringComparer.Ordinal)
    {
        ["ssh-ed25519"] = 1,
        ["ssh-rsa"] = 2,
        ["ecdsa-sha2-nistp256"] = 2,
        ["ecdsa-sha2-nistp384"] = 2,
        ["ecdsa-sha2-nistp521"] = 2,
        ["sk-ssh-ed25519@openssh.com"] = 2,
        ["sk-ecdsa-sha2-nistp256@openssh.com"] = 3,
    };

    private SshPublicKey(string algorithm, string blob, string? comment)
    {
        Algorithm = algorithm;
        Blob = blob;
        Comment = comment;
    }

    public static IReadOnlyCollection<string> Algorithms => s_fields.Keys;

    public string Algorithm { get; }

    /// <summary>Base64, with padding.</summary>
    public string Blob { get; }

    /// <summary>One word, or null.</summary>
    public string? Comment { get; }

    /// <summary>What tells it from every other key.</summary>
    public string Identity => $"{Algorithm} {Blob}";

    /// <param name="fault">What is wrong, to follow "the line"; null when nothing is.</param>
    public static bool TryParse(string? line, [NotNullWhen(true)] out SshPublicKey? key, [NotNullWhen(false)] out string? fault)
    {
        key = null;
        fault = FaultOf(line, out string[] words);
        if (fault is null) key = new SshPublicKey(words[0], words[1], words.Length > 2 ? words[2] : null);
        return key is not null;
    }

    public bool Equals(SshPublicKey? other) => other is not null && Algorithm == other.Algorithm && Blob == other.Blob;

    public override bool Equals(object? obj) => Equals(obj as SshPublicKey);

    public override int GetHashCode() => HashCode.Combine(Algorithm, Blob);

    /// <summary>The whole line.</summary>
    public override string ToString() => Comment is null ? Identity : $"{Identity} {Comment}";

    private static string? FaultOf(string? line, out string[] words)
    {
        words = [];
        if (string.IsNullOrWhiteSpace(line)) return "is empty";
        if (line.Length > MaxLineLength) return $"is longer than {MaxLineLength} characters";
        if (line.Any(c => char.IsControl(c) && c != '\t')) return "has line breaks or other control characters";
        words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (!s_fields.TryGetValue(words[0], out int fields)) return $"does not begin with one of {string.Join(", ", Algorithms)}";
        if (words.Length < 2) return "has no key behind its algorithm";
        if (words.Length > 3) return "has more than one word behind its key";
        var blob = new byte[words[1].Length];
        if (!Convert.TryFromBase64String(words[1], blob, out int length)) return "has a key that is not base64";
        return FaultOf(blob.AsSpan(0, length), words[0], fields);
    }

    private static string? FaultOf(ReadOnlySpan<byte> blob, string algorithm, int fields)
    {
        if (!TryTake(ref blob, out ReadOnlySpan<byte> name) || !name.SequenceEqual(Encoding.ASCII.GetBytes(algorithm)))
            return $"has a key that is not of its algorithm, {algorithm}";
        for (int i = 0; i < fields; i++)
        {
            if (!TryTake(ref blob, out ReadOnlySpan<byte> field) || field.Length == 0) return "has a key that breaks off";
            if (i == 0 && algorithm == "ssh-ed25519" && field.Length != 32) return "has an Ed25519 key that is not 32 bytes long";
        }
        return blob.Length == 0 ? null : "has a key with something behind its end";
    }

    /// <summary>A <c>string</c> of RFC 4251: its length in 4 bytes, then so many.</summary>
    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (rest.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(rest) is var length && length > rest.Length - 4) return false;
        taken = rest.Slice(4, (int)length);
        rest = rest[(4 + (int)length)..];
        return true;
    }
}
