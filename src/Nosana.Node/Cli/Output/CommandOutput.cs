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

    private readonly Option<string> _format = new("--format") { Description = "text or json", DefaultValueFactory = _ => "text" };

    public CommandOutput() => _format.AcceptOnlyFromAmong("text", "json");

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
    public void WriteRows(ParseResult parse, JsonArray rows, string none)
    {
        if (IsJson(parse))
        {
            Terminal.WriteJson(rows);
            return;
        }
        if (rows.Count == 0)
        {
            Terminal.WriteLine(none);
            return;
        }
        string[] names = [.. rows[0]!.AsObject().Where(pair => pair.Value is not (JsonArray or JsonObject)).Select(pair => pair.Key)];
        string[][] cells = [[.. names.Select(Words)], .. rows.Select(row => (string[])[.. names.Select(name => Plain(row![name]))])];
        int[] widths = [.. names.Select((_, column) => cells.Max(row => row[column].Length))];
        foreach (string[] row in cells) Terminal.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

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
