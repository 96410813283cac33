using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.Node.Texts;
using Spectre.Console;

namespace Nosana.Node.Cli.Output;

/// <summary>How a verb answers: one JSON document, or lines of names and values for people. The same facts either way.</summary>
internal sealed class CommandOutput
{
    public static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Option<string> _format;

    /// <param name="hasCsv">For answers of rows: lines of comma-separated values, too, the names in the first (RFC 4180).</param>
    public CommandOutput(bool hasCsv = false)
    {
        string[] formats = hasCsv ? ["text", "json", "csv"] : ["text", "json"];
        _format = new Option<string>("--format") { Description = string.Join(" or ", formats), DefaultValueFactory = _ => formats[0] };
        _format.AcceptOnlyFromAmong(formats);
    }

    public void AddTo(Command command) => command.Options.Add(_format);

    public bool IsJson(ParseResult parse) => parse.GetValue(_format) == "json";

    public void Write(ParseResult parse, JsonObject facts)
    {
        if (IsJson(parse))
        {
            Terminal.WriteJson(facts);
            return;
        }
        WriteFacts([.. facts.Select(fact => KeyValuePair.Create(Words(fact.Key), Plain(fact.Value)))]);
    }

    /// <summary>Names and values for people: a table on a terminal, else a line for each.</summary>
    public static void WriteFacts(IReadOnlyList<KeyValuePair<string, string>> facts)
    {
        if (System.Console.IsOutputRedirected)
        {
            // Documents among the values have lines, which are ours.
            foreach ((string name, string value) in facts) System.Console.Out.WriteLine(PlainText.Json($"{name}: {value}"));
            return;
        }
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach ((string name, string value) in facts) grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), new Text(PlainText.Json(value)));
        AnsiConsole.Write(grid);
    }

    /// <summary>Rows of the same names: a JSON array, or a table for people. Values of a row that are objects or arrays stand in JSON only.</summary>
    /// <param name="none">What to say to a person when there are no rows.</param>
    /// <param name="readable">A row as a person reads it; null is as it is.</param>
    public void WriteRows(ParseResult parse, JsonArray rows, string none, Func<JsonObject, JsonObject>? readable = null)
    {
        if (IsJson(parse))
        {
            Terminal.WriteJson(rows);
            return;
        }
        if (parse.GetValue(_format) == "csv")
        {
            WriteCsv(rows);
            return;
        }
        if (readable is not null) rows = [.. rows.Select(row => (JsonNode)readable(row!.AsObject()))];
        if (rows.Count == 0)
        {
            Terminal.WriteLine(none);
            return;
        }
        string[] names = NamesOf(rows);
        string[][] cells = [[.. names.Select(Words)], .. rows.Select(row => (string[])[.. names.Select(name => Plain(row![name]))])];
        int[] widths = [.. names.Select((_, column) => cells.Max(row => row[column].Length))];
        foreach (string[] row in cells) Terminal.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static void WriteCsv(JsonArray rows)
    {
        if (rows.Count == 0) return;
        string[] names = NamesOf(rows);
        Terminal.WriteLine(string.Join(',', names));
        foreach (JsonNode? row in rows) Terminal.WriteLine(string.Join(',', names.Select(name => row![name] is { } value ? Quoted(Plain(value)) : "")));
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static string[] NamesOf(JsonArray rows) =>
        [.. rows[0]!.AsObject().Where(pair => pair.Value is not (JsonArray or JsonObject)).Select(pair => pair.Key)];

    private static string Plain(JsonNode? value) => value switch
    {
        null => "-",
        JsonValue scalar => scalar.GetValueKind() == JsonValueKind.String ? PlainText.OneLine(scalar.GetValue<string>()) : scalar.ToJsonString(),
        _ => PlainText.Json(value.ToJsonString(Indented)),
    };

    // timeStart -> time start
    private static string Words(string name) => string.Concat(name.Select((letter, i) =>
        i > 0 && char.IsUpper(letter) && !char.IsUpper(name[i - 1]) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));
}
