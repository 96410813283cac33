using System.Globalization;
using System.Text.Json;
using System.Text;

namespace Nosana.Docker.Transport;

/// <summary>A query under construction. What is null or false is left out: the engine's defaults hold.</summary>
internal sealed class QueryString
{
    private readonly StringBuilder _text = new();

    public QueryString Add(string name, string? value)
    {
        if (value is null) return this;
        _text.Append(_text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    public QueryString Add(string name, bool value) => value ? Add(name, "true") : this;

    public QueryString Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public QueryString AddFilters(IDictionary<string, IDictionary<string, bool>>? filters) =>
        filters is null or { Count: 0 }
            ? this
            : Add("filters", JsonSerializer.Serialize(filters, Json.DockerJson.Of<IDictionary<string, IDictionary<string, bool>>>()));

    public override string ToString() => _text.ToString();
}
