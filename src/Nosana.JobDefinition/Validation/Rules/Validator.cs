using System.Globalization;
using System.Text;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;

namespace Nosana.JobDefinition.Validation.Rules;

/// <summary>One document under validation: what the rules ask and where they report.</summary>
internal sealed class Validator(JsonTape tape, bool isStrict)
{
    private const int MaxFound = 60;

    private FaultList? _errors;
    private FaultList? _warnings;
    private string _lastPath = "";

    public JsonTape Tape { get; } = tape;

    public bool IsStrict { get; } = isStrict;

    /// <summary>Ports counted so far; ranges count one by one.</summary>
    public int ExposedPorts { get; set; }

    public IReadOnlyList<DefinitionFault> Warnings => _warnings?.Read() ?? [];

    public bool HasErrors => _errors is not null;

    public IReadOnlyList<DefinitionFault> Errors => _errors?.Read() ?? [];

    /// <summary>The value at that node is not what the rule allows.</summary>
    /// <returns>False, for the rules to pass on.</returns>
    public bool Refuse(int node, string expected, string allowed, bool isSecret = false)
    {
        if (IsOnlyCounting()) return false;
        string found = Found(node, isSecret);
        return Report(JsonPath.Of(Tape, node), expected, found, $"must be {allowed}; found {found}");
    }

    /// <summary>A required key is absent.</summary>
    public bool RefuseMissing(int parent, Field field) =>
        !IsOnlyCounting() && Report(JsonPath.Of(Tape, parent) + field.Segment, field.Rule.Expected, null, $"is missing: must be {field.Rule.Allowed}");

    /// <summary>A key that no rule of the shape names, or a list's item where an object is due.</summary>
    public bool RefuseUnknown(int node, Shape shape)
    {
        if (IsOnlyCounting()) return false;
        string key = Tape[node].KeyLength >= 0 ? Tape.KeyText(node) : Tape.IndexOf(node).ToString(CultureInfo.InvariantCulture);
        string path = JsonPath.Of(Tape, Tape[node].Parent) + JsonPath.Member(key);
        string known = string.Join(", ", shape.KnownKeys(IsStrict));
        string? nearest = NearestKey.Find(key, shape.KnownKeys(IsStrict));
        string hint =
            nearest is not null ? $" - did you mean '{nearest}'?"
            : key == "<<" ? " - YAML 1.2 has no merge keys: write the keys out"
            : "";
        return Report(path, "undefined", Found(node, isSecret: false), $"unknown key '{key}'{hint} (known here: {known})");
    }

    /// <summary>Accepted here, though not by every official client, or worth a word.</summary>
    public void Warn(int node, string expected, string message)
    {
        _warnings ??= new FaultList("warnings");
        if (_warnings.TakesOrCounts())
            _warnings.Add(new DefinitionFault(JsonPath.Of(Tape, node), expected, Found(node, isSecret: false), message));
    }

    /// <summary>A key is absent that the kit's validator requires.</summary>
    public void WarnMissing(int parent, Field field)
    {
        _warnings ??= new FaultList("warnings");
        if (_warnings.TakesOrCounts())
            _warnings.Add(new DefinitionFault(
                JsonPath.Of(Tape, parent) + field.Segment, field.Rule.Expected, null, "is missing: the kit's validator requires it"));
    }

    /// <summary>Reports at a path, unless the last fault lies at it or below it (then it says the same with less).</summary>
    public bool Report(string path, string expected, string? found, string message)
    {
        if (_errors is not null && SaidAlready(path)) return false;
        _errors ??= new FaultList();
        _errors.Add(new DefinitionFault(path, expected, found, message));
        _lastPath = path;
        return false;
    }

    private bool IsOnlyCounting() => _errors?.TakesOrCounts() == false;

    /// <summary>
    /// The official validator compares paths as plain text, so that a fault at <c>.name</c> is lost after one at <c>.names</c>; only strict
    /// mode does so.
    /// </summary>
    private bool SaidAlready(string path) =>
        _lastPath.StartsWith(path, StringComparison.Ordinal)
        && (IsStrict || _lastPath.Length == path.Length || _lastPath[path.Length] is '.' or '[');

    private string Found(int node, bool isSecret)
    {
        ref readonly TapeNode found = ref Tape[node];
        if (isSecret)
            return found.Kind switch
            {
                JsonNodeKind.Null => "null",
                JsonNodeKind.True or JsonNodeKind.False => "true or false",
                JsonNodeKind.Number => "a number",
                JsonNodeKind.Text => "a text",
                JsonNodeKind.List => "a list",
                _ => "an object",
            };
        ReadOnlySpan<byte> json = Tape.Json(node).Span;
        if (json.Length <= MaxFound) return Encoding.UTF8.GetString(json);
        int cut = MaxFound;
        while ((json[cut] & 0xC0) == 0x80) cut--;
        return Encoding.UTF8.GetString(json[..cut]) + "...";
    }
}
