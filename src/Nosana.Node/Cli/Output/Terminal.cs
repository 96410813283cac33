using System.Text.Json.Nodes;
using Nosana.Node.Texts;

namespace Nosana.Node.Cli.Output;

/// <summary>What the verbs write to standard output and standard error, all of it through <see cref="PlainText"/>.</summary>
internal static class Terminal
{
    public static void WriteLine(string line) => System.Console.Out.WriteLine(PlainText.OneLine(line));

    public static void WriteError(string line) => System.Console.Error.WriteLine(PlainText.OneLine(line));

    public static void WriteError(Exception exception) => System.Console.Error.WriteLine(ExceptionText.Of(exception));

    /// <param name="document">JSON.</param>
    public static void WriteJson(string document) => System.Console.Out.WriteLine(PlainText.Json(document));

    /// <summary>Indented, for people and for programs.</summary>
    public static void WriteJson(JsonNode document) => WriteJson(document.ToJsonString(CommandOutput.Indented));
}
