using System.Globalization;
using System.Text.Json;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager;

/// <summary>Fields of the host manager's answers. The service has no published schema: what is not understood is said so, never guessed.</summary>
internal static class AnswerReading
{
    /// <summary>Longest list that is read.</summary>
    private const int MaxItems = 1_000;

    /// <summary>A non-empty text; null when the field is absent, null, or something else.</summary>
    public static string? Text(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    public static bool IsTrue(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    public static PublicKey Address(string call, string name, string text) => PublicKey.TryParse(text, out PublicKey address)
        ? address
        : throw new HostManagerException(HostManagerFault.Nonsense, call, $"its '{name}' is not an address");

    /// <summary>A list of texts; empty when the field is absent.</summary>
    public static IReadOnlyList<string> Texts(string call, JsonElement answer, string name) =>
        [.. Items(call, answer, name).Select(item => item.ValueKind == JsonValueKind.String
            ? item.GetString()!
            : throw new HostManagerException(HostManagerFault.Nonsense, call, $"its '{name}' holds something else than texts"))];

    /// <summary>A list of anything, as JSON texts; empty when the field is absent.</summary>
    public static IReadOnlyList<string> Documents(string call, JsonElement answer, string name) =>
        [.. Items(call, answer, name).Select(item => item.GetRawText())];

    /// <summary>Bytes, as JavaScript prints them: an array of numbers, an object from "0" on, or a Buffer's <c>{type, data}</c>.</summary>
    public static byte[] Bytes(string call, JsonElement answer, string name)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty(name, out JsonElement value)) throw Missing(call, name);
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("data", out JsonElement data)) value = data;
        List<byte> bytes = [];
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray()) bytes.Add(Byte(item));
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            while (value.TryGetProperty(bytes.Count.ToString(CultureInfo.InvariantCulture), out JsonElement item)) bytes.Add(Byte(item));
            if (bytes.Count != value.EnumerateObject().Count()) throw NoBytes();
        }
        return bytes.Count > 0 ? [.. bytes] : throw NoBytes();

        byte Byte(JsonElement item) => item.ValueKind == JsonValueKind.Number && item.TryGetByte(out byte number) ? number : throw NoBytes();

        HostManagerException NoBytes() => new(HostManagerFault.Nonsense, call, $"its '{name}' is not a list of bytes");
    }

    public static HostManagerException Missing(string call, string name) => new(HostManagerFault.Nonsense, call, $"its answer has no '{name}'");

    private static List<JsonElement> Items(string call, JsonElement answer, string name)
    {
        if (answer.ValueKind != JsonValueKind.Object) throw new HostManagerException(HostManagerFault.Nonsense, call, "its answer is not an object");
        if (!answer.TryGetProperty(name, out JsonElement list) || list.ValueKind == JsonValueKind.Null) return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxItems)
            throw new HostManagerException(HostManagerFault.Nonsense, call, $"its '{name}' is not a list of at most {MaxItems}");
        return [.. list.EnumerateArray()];
    }
}
