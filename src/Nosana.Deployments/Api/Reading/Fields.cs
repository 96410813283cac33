using System.Globalization;
using System.Text.Json;
using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Api.Reading;

/// <summary>The fields of a body, read one by one. What is wrong is gathered, and a value that stands for none given back.</summary>
internal sealed class Fields
{
    private readonly JsonElement _body;

    public Fields(JsonElement body, FaultForm form)
    {
        _body = body;
        Faults = new Faults(form);
        if (body.ValueKind == JsonValueKind.Object) return;
        throw new ApiRefusal(ApiReply.Framework(400, "FST_ERR_VALIDATION", "body must be object", [new FieldFault("/", "must be object")]));
    }

    public Faults Faults { get; }

    /// <summary>The field, if it is there; null that is written counts as there.</summary>
    public bool Has(string name, out JsonElement value) => _body.TryGetProperty(name, out value);

    /// <summary>Whether the field is to be read: it is there, or it is missed.</summary>
    private bool Find(string name, bool isRequired, string expected, out JsonElement value)
    {
        if (Has(name, out value)) return true;
        if (isRequired) Faults.Add(name, expected);
        return false;
    }

    /// <summary>A text of so many characters, none of them a control character.</summary>
    public string? Text(string name, bool isRequired = false, int least = 0, int most = 256)
    {
        if (!Find(name, isRequired, "string", out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.String)
        {
            Faults.Add(name, "string");
            return null;
        }
        string text = value.GetString()!;
        if (text.Length < least) Faults.Add(name, $"a text of {least} characters at least");
        else if (text.Length > most) Faults.Add(name, $"a text of {most} characters at most");
        else if (text.Any(char.IsControl)) Faults.Add(name, "a text without control characters");
        else return text;
        return null;
    }

    /// <summary>A whole number; 2.0 is one.</summary>
    public int? Whole(string name, bool isRequired, int least, int most)
    {
        if (!Find(name, isRequired, "integer", out JsonElement value)) return null;
        if (Number(name, value, least, most) is not { } number) return null;
        if (number == decimal.Truncate(number)) return (int)number;
        Faults.Add(name, "integer");
        return null;
    }

    /// <summary>Minutes, of which whole seconds come: 1.5 are 90 seconds.</summary>
    public TimeSpan? Minutes(string name, bool isRequired, decimal least, decimal most)
    {
        if (!Find(name, isRequired, "number", out JsonElement value)) return null;
        if (Number(name, value, least, most) is not { } minutes) return null;
        if (minutes * 60 == decimal.Truncate(minutes * 60)) return TimeSpan.FromSeconds((double)(minutes * 60));
        Faults.Add(name, "a number of minutes that is a whole number of seconds");
        return null;
    }

    public bool? Flag(string name)
    {
        if (!Has(name, out JsonElement value)) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Faults.Add(name, "boolean");
        return null;
    }

    /// <summary>One of these words.</summary>
    public T? Word<T>(string name, bool isRequired, IReadOnlyDictionary<string, T> words) where T : struct
    {
        string expected = $"one of {string.Join(", ", words.Keys)}";
        if (!Find(name, isRequired, expected, out JsonElement value)) return null;
        if (value.ValueKind == JsonValueKind.String && words.TryGetValue(value.GetString()!, out T word)) return word;
        Faults.Add(name, expected);
        return null;
    }

    /// <summary>An account's address; never the zero key.</summary>
    public string? Address(string name, bool isRequired)
    {
        const string Expected = "an address (base58 of 32 bytes)";
        if (!Find(name, isRequired, Expected, out JsonElement value)) return null;
        if (AddressOf(value) is { } address) return address;
        Faults.Add(name, Expected);
        return null;
    }

    /// <summary>Different addresses, at most so many.</summary>
    public IReadOnlyList<string>? Addresses(string name, bool isRequired, int most)
    {
        if (Items(name, isRequired, most) is not { } items) return null;
        var found = new List<string>();
        for (int i = 0; i < items.Count; i++)
        {
            if (AddressOf(items[i]) is { } address) found.Add(address);
            else Faults.Add(Path(name, i), "an address (base58 of 32 bytes)");
        }
        return [.. found.Distinct()];
    }

    public IReadOnlyList<JsonElement>? Items(string name, bool isRequired, int most)
    {
        if (!Find(name, isRequired, "array", out JsonElement value)) return null;
        if (value.ValueKind != JsonValueKind.Array) Faults.Add(name, "array");
        else if (value.GetArrayLength() > most) Faults.Add(name, $"an array of {most} items at most");
        else return [.. value.EnumerateArray()];
        return null;
    }

    public static string Path(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}/{index}");

    private decimal? Number(string name, JsonElement value, decimal least, decimal most)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            Faults.Add(name, "number");
            return null;
        }
        // What no decimal can hold is beyond every bound there is here, on the side that its sign says.
        if (!value.TryGetDecimal(out decimal number)) number = value.GetRawText().StartsWith('-') ? decimal.MinValue : decimal.MaxValue;
        if (number < least) Faults.Add(name, string.Create(CultureInfo.InvariantCulture, $">= {least}"));
        else if (number > most) Faults.Add(name, string.Create(CultureInfo.InvariantCulture, $"<= {most}"));
        else return number;
        return null;
    }

    private static string? AddressOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && PublicKey.TryParse(value.GetString()!.Trim(), out PublicKey key) && !key.IsZero ? key.Key : null;
}
