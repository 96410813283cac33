using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Solana.Wallet;

/// <summary>The two texts of a secret key. Messages name positions, never values: every value is secret.</summary>
internal static class KeyText
{
    private const string Remedy = "Restore it from a backup, or move it away to have a new one made (a new key is a new address).";

    public static byte[] ToJson(Account account)
    {
        byte[] secret = account.ExportSecretKey();
        var buffer = new ArrayBufferWriter<byte>(320);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (byte value in secret) writer.WriteNumberValue(value);
            writer.WriteEndArray();
        }
        CryptographicOperations.ZeroMemory(secret);
        byte[] text = buffer.WrittenSpan.ToArray();
        buffer.Clear(); // overwrites with zeros
        return text;
    }

    public static Account Parse(ReadOnlySpan<byte> text, string source, string? path = null)
    {
        if (text.StartsWith(Encoding.UTF8.Preamble)) text = text[Encoding.UTF8.Preamble.Length..];
        text = text.Trim(" \t\r\n"u8);
        path ??= source;
        if (text.IsEmpty) throw new KeyFileException(path, $"{source} is empty. {Remedy}");
        byte[] secret = text[0] == (byte)'[' ? FromJson(text, source, path) : FromBase58(text, source, path);
        try
        {
            return Account.FromSecretKey(secret);
        }
        catch (ArgumentException)
        {
            // Without the cause: nothing derived from the bytes belongs into a message.
            throw new KeyFileException(
                path, $"{source} is damaged: its public half (bytes 32 to 63) does not belong to its private half (bytes 0 to 31). {Remedy}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static byte[] FromJson(ReadOnlySpan<byte> text, string source, string path)
    {
        var secret = new byte[Account.SecretKeyLength];
        int count = 0;
        try
        {
            var reader = new Utf8JsonReader(text);
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (count == secret.Length) throw new KeyFileException(path, $"{source} is damaged: the array has more than {secret.Length} numbers. {Remedy}");
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetByte(out secret[count]))
                    throw new KeyFileException(path, $"{source} is damaged: element {count} of the array is not a whole number from 0 to 255. {Remedy}");
                count++;
            }
            if (reader.Read()) throw new KeyFileException(path, $"{source} is damaged: something follows the array. {Remedy}");
        }
        catch (JsonException exception)
        {
            // The reader's own message can quote the text.
            throw new KeyFileException(
                path,
                $"{source} is damaged: it is not a JSON array, see line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}, " +
                $"after {count} numbers. {Remedy}");
        }
        return count == secret.Length
            ? secret
            : throw new KeyFileException(path, $"{source} is damaged: the array has {count} numbers, not {secret.Length}. {Remedy}");
    }

    private static byte[] FromBase58(ReadOnlySpan<byte> text, string source, string path)
    {
        if (Encoders.Base58.TryDecodeData(Encoding.UTF8.GetString(text), Account.SecretKeyLength, out byte[]? secret)) return secret;
        throw new KeyFileException(
            path,
            $"{source} is damaged: it is neither a JSON array of {Account.SecretKeyLength} numbers nor the base58 text of {Account.SecretKeyLength} bytes " +
            $"(87 or 88 characters; it has {text.Length}). {Remedy}");
    }
}
