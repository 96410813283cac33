using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Nosana.JobDefinition.Documents;

/// <summary>
/// One YAML 1.2 document as JSON. Aliases are expanded as long as the result stays within the limits of a document; a key that
/// stands twice, a second document and a merge of an alias into itself are faults; <c>&lt;&lt;</c> is a key like any other.
/// </summary>
internal sealed class YamlToJson
{
    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = DefinitionLimits.MaxDepth + 2,
        SkipValidation = true,
    };

    private const string QuoteLiterals = " must be put in quotes, as any text with a literal such as \"%%ops.ID.host%%\"";

    private readonly List<Step> _events = [];
    private readonly Dictionary<string, (int Start, int End)> _anchors = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private int _nodes;

    /// <summary>Converts a document.</summary>
    /// <exception cref="YamlFaultException">It is malformed, or has no form in JSON.</exception>
    public static ReadOnlyMemory<byte> Convert(string yaml)
    {
        try
        {
            return new YamlToJson().Run(yaml);
        }
        catch (YamlException e)
        {
            string hint = e.Message.Contains("cannot start any token", StringComparison.Ordinal) ? QuoteLiterals : "";
            throw new YamlFaultException(e.Start.Line, e.Start.Column, e.Message.TrimEnd('.') + hint);
        }
    }

    private ReadOnlyMemory<byte> Run(string yaml)
    {
        Load(yaml);
        using var writer = new Utf8JsonWriter(_buffer, s_options);
        Write(writer, 0, depth: 0);
        writer.Flush();
        return _buffer.WrittenMemory;
    }

    /// <summary>Keeps the events of the only document; anchors are ranges of them.</summary>
    private void Load(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        var open = new Stack<(string? Anchor, int Start)>();
        bool seenDocument = false;
        while (Advance(parser))
        {
            ParsingEvent current = parser.Current!;
            if (current is Scalar { Style: ScalarStyle.Plain } plain && plain.Value.StartsWith('%'))
                throw Fault(plain, $"a text that begins with %{QuoteLiterals}");
            switch (current)
            {
                case StreamStart or StreamEnd or DocumentEnd or Comment:
                    continue;
                case DocumentStart:
                    if (seenDocument) throw Fault(current, "a second document; only one is read");
                    seenDocument = true;
                    continue;
                case MappingStart or SequenceStart:
                    if (open.Count >= DefinitionLimits.MaxDepth) throw Fault(current, $"nested more than {DefinitionLimits.MaxDepth} deep");
                    open.Push((AnchorOf(current), _events.Count));
                    break;
                case Scalar when AnchorOf(current) is { } anchor:
                    _anchors[anchor] = (_events.Count, _events.Count + 1);
                    break;
                case MappingEnd or SequenceEnd:
                    (string? name, int start) = open.Pop();
                    if (name is not null) _anchors[name] = (start, _events.Count + 1);
                    break;
                case AnchorAlias alias:
                    // An anchor may be set anew further on, so the alias is bound here.
                    if (!_anchors.TryGetValue(alias.Value.Value, out (int Start, int End) target))
                        throw Fault(current, $"the anchor '{alias.Value.Value}' is not set before its alias");
                    _events.Add(new Step(current, target.Start));
                    continue;
            }
            _events.Add(new Step(current, -1));
        }
        if (_events.Count == 0) throw new YamlFaultException(1, 1, "the document is empty");
    }

    /// <summary>The scanner meets damaged text with exceptions of any kind; whichever it is, the text is not YAML.</summary>
    private static bool Advance(Parser parser)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException
            or OverflowException or IndexOutOfRangeException or NullReferenceException)
        {
            Mark place = parser.Current?.End ?? Mark.Empty;
            throw new YamlFaultException(place.Line, place.Column, "the text from here on is not YAML");
        }
    }

    /// <summary>Writes the node that starts at that event.</summary>
    /// <returns>The event after it.</returns>
    private int Write(Utf8JsonWriter writer, int at, int depth)
    {
        ParsingEvent current = _events[at].Event;
        Count(writer, current, depth);
        switch (current)
        {
            case AnchorAlias:
                Write(writer, _events[at].Target, depth);
                return at + 1;
            case Scalar scalar:
                if (YamlScalar.Write(writer, scalar.Value, IsPlain(scalar), TagOf(scalar)) is { } fault) throw Fault(scalar, fault);
                return at + 1;
            case SequenceStart:
                writer.WriteStartArray();
                for (at++; _events[at].Event is not SequenceEnd;) at = Write(writer, at, depth + 1);
                writer.WriteEndArray();
                return at + 1;
            default:
                writer.WriteStartObject();
                var keys = new HashSet<string>(StringComparer.Ordinal);
                for (at++; _events[at].Event is not MappingEnd;)
                {
                    string key = Key(_events[at]);
                    if (!keys.Add(key)) throw Fault(_events[at].Event, $"the key '{key}' stands twice");
                    writer.WritePropertyName(key);
                    at = Write(writer, at + 1, depth + 1);
                }
                writer.WriteEndObject();
                return at + 1;
        }
    }

    private string Key(Step key)
    {
        ParsingEvent named = key.Event is AnchorAlias ? _events[key.Target].Event : key.Event;
        return named is Scalar scalar ? YamlScalar.KeyText(scalar.Value, IsPlain(scalar)) : throw Fault(key.Event, "a key must be a text");
    }

    private void Count(Utf8JsonWriter writer, ParsingEvent at, int depth)
    {
        if (depth > DefinitionLimits.MaxDepth) throw Fault(at, $"nested more than {DefinitionLimits.MaxDepth} deep");
        if (++_nodes > DefinitionLimits.MaxYamlNodes || writer.BytesCommitted + writer.BytesPending > DefinitionLimits.MaxBytes)
            throw Fault(at, "aliases make the document larger than a definition may be");
    }

    private static bool IsPlain(Scalar scalar) => scalar.Style == ScalarStyle.Plain;

    private static string TagOf(NodeEvent node) => node.Tag.IsEmpty ? "" : node.Tag.Value;

    private static string? AnchorOf(ParsingEvent node) => node is NodeEvent { Anchor.IsEmpty: false } named ? named.Anchor.Value : null;

    private static YamlFaultException Fault(ParsingEvent at, string what) => new(at.Start.Line, at.Start.Column, what);

    /// <summary>An event, and for an alias the position of what its anchor stood for there.</summary>
    private readonly record struct Step(ParsingEvent Event, int Target);
}
