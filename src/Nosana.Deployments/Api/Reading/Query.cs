using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Api.Reading;

/// <summary>What stands behind the question mark. Fields that nobody knows are passed over.</summary>
internal sealed partial class Query(HttpContext http)
{
    private const int MostCharacters = 8192, MostValues = 200;

    private static readonly string[] s_limits = ["10", "20", "50", "100"];

    private readonly Faults _faults = new(FaultForm.Query);

    /// <summary>One text; of several the last, as the network's manager reads them.</summary>
    public string? Text(string name)
    {
        if (http.Request.Query[name] is not [.., { } value]) return null;
        if (value.Length <= MostCharacters && !value.Any(char.IsControl)) return value;
        _faults.Add(name, $"a text of {MostCharacters} characters at most, none of them a control character");
        return null;
    }

    /// <summary>Texts between commas; null when there are none.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (Text(name) is not { } text) return null;
        string[] values = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (values.Length > MostValues) _faults.Add(name, $"a list of {MostValues} values at most");
        return values.Length == 0 ? null : values;
    }

    /// <summary>The known ones of some words; others match nothing.</summary>
    public IReadOnlyList<T>? Words<T>(string name, IReadOnlyDictionary<string, T> words) =>
        Texts(name) is { } texts ? [.. texts.Where(words.ContainsKey).Select(text => words[text]).Distinct()] : null;

    /// <summary>Whole numbers between commas.</summary>
    public IReadOnlyList<int>? Wholes(string name)
    {
        if (Texts(name) is not { } texts) return null;
        var numbers = new List<int>();
        foreach (string text in texts)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) numbers.Add(number);
            else _faults.Add(name, "integer");
        }
        return numbers;
    }

    /// <summary>Times of RFC 3339, from one to the other, both included.</summary>
    public TimeRange Times(string after, string before) => new(Time(after), Time(before));

    public PageRequest Page()
    {
        string limit = Text("limit") ?? s_limits[0];
        if (!s_limits.Contains(limit)) _faults.Add("limit", $"equal to one of the allowed values: {string.Join(", ", s_limits)}");
        string order = Text("sort_order") ?? "desc";
        if (order is not ("asc" or "desc")) _faults.Add("sort_order", "equal to one of the allowed values: asc, desc");
        Cursor? cursor = null;
        if (Text("cursor") is { Length: > 0 } text && !Cursor.TryParse(text, out cursor)) _faults.Add("cursor", "a cursor of an earlier answer");
        return _faults.Any ? new PageRequest() : new PageRequest(int.Parse(limit, CultureInfo.InvariantCulture), order == "asc", cursor);
    }

    public bool Flag(string name)
    {
        string? text = Text(name);
        if (text is not (null or "true" or "false")) _faults.Add(name, "equal to one of the allowed values: true, false");
        return text == "true";
    }

    public void Refuse(string name, string expected) => _faults.Add(name, expected);

    /// <exception cref="ApiRefusal">Something is wrong.</exception>
    public void Throw() => _faults.Throw();

    private DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text) return null;
        // A plus that nobody escaped has become a blank.
        if (DateTime3339().IsMatch(text)
            && DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
            return time;
        _faults.Add(name, "a date-time of RFC 3339, such as 2026-01-31T12:00:00Z");
        return null;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,7})?([Zz]|[+\- ]\d\d:\d\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex DateTime3339();
}
