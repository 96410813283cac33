using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Validation;
using Nosana.JobDefinition.Validation.Rules;

namespace Nosana.JobDefinition.Reading;

/// <summary>Reads and validates definitions. Never throws for what a document says: every fault is listed with its place.</summary>
public static class DefinitionReader
{
    private const string JsonExpected = "JSON";
    private const string ForProgrammers = "which is not supported in this mode. Change the reader options.";

    /// <summary>Reads a JSON document (UTF-8, with or without BOM; of a key that stands twice the last value counts).</summary>
    /// <param name="utf8Json">The document; the result keeps it, so it must not change afterwards.</param>
    /// <param name="mode">Whose verdict.</param>
    public static DefinitionResult Read(ReadOnlyMemory<byte> utf8Json, ValidationMode mode = ValidationMode.Union)
    {
        if (utf8Json.Length > DefinitionLimits.MaxBytes) return Malformed(JsonExpected, TooLarge(utf8Json.Length));
        if (utf8Json.Span.StartsWith(Encoding.UTF8.Preamble)) utf8Json = utf8Json[Encoding.UTF8.Preamble.Length..];
        if (!Utf8.IsValid(utf8Json.Span)) return Malformed("UTF-8", InvalidUtf8(utf8Json.Span));
        if (utf8Json.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0) return Malformed(JsonExpected, "line 1, column 1: the document is empty");

        // The rules register the keys that reading recognizes, so they come first.
        Rule rules = DefinitionRules.Root;
        using var tape = new JsonTape(utf8Json);
        try
        {
            tape.Read();
        }
        catch (JsonException e)
        {
            return Malformed(JsonExpected, Describe(e), OpenPlace(tape));
        }

        var validator = new Validator(tape, isStrict: mode == ValidationMode.Strict);
        bool good = rules.Check(validator, 0);
        if (mode == ValidationMode.Union) good &= TextCheck.Check(validator);
        if (!good || validator.HasErrors) return new DefinitionResult(null, validator.Errors, validator.Warnings);

        Definition definition = DefinitionBuilder.Build(tape);
        if (mode == ValidationMode.Strict || !FlowPlan.HasDependencies(definition)) return new DefinitionResult(definition, [], validator.Warnings);
        FlowPlanResult plan = FlowPlan.Create(definition);
        return new DefinitionResult(plan.Cycles.Count > 0 ? null : definition, plan.Cycles, validator.Warnings) { Plan = plan };
    }

    /// <summary>Reads a YAML 1.2 document (core schema), as the official client converts it before posting.</summary>
    /// <param name="utf8Yaml">The document.</param>
    /// <param name="mode">Whose verdict.</param>
    public static DefinitionResult ReadYaml(ReadOnlyMemory<byte> utf8Yaml, ValidationMode mode = ValidationMode.Union)
    {
        if (utf8Yaml.Length > DefinitionLimits.MaxBytes) return Malformed("YAML", TooLarge(utf8Yaml.Length));
        if (!Utf8.IsValid(utf8Yaml.Span)) return Malformed("UTF-8", InvalidUtf8(utf8Yaml.Span));
        try
        {
            return Read(YamlToJson.Convert(Encoding.UTF8.GetString(utf8Yaml.Span)), mode);
        }
        catch (YamlFaultException e)
        {
            return Malformed("YAML", e.Message);
        }
    }

    /// <summary>Reads by the name's extension: <c>.yaml</c> and <c>.yml</c> as YAML, everything else as JSON.</summary>
    public static DefinitionResult ReadFile(string fileName, ReadOnlyMemory<byte> content, ValidationMode mode = ValidationMode.Union) =>
        fileName.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || fileName.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
            ? ReadYaml(content, mode)
            : Read(content, mode);

    private static DefinitionResult Malformed(string expected, string message, string path = JsonPath.Root) =>
        new(null, [new DefinitionFault(path, expected, null, message)], []);

    private static string TooLarge(int length) =>
        string.Create(CultureInfo.InvariantCulture, $"the document has {length} bytes; at most {DefinitionLimits.MaxBytes} are read");

    private static string InvalidUtf8(ReadOnlySpan<byte> bytes)
    {
        int offset = 0;
        while (Rune.DecodeFromUtf8(bytes[offset..], out _, out int consumed) == System.Buffers.OperationStatus.Done) offset += consumed;
        int line = bytes[..offset].Count((byte)'\n') + 1;
        int column = offset - (bytes[..offset].LastIndexOf((byte)'\n') + 1) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}: byte 0x{bytes[offset]:X2} is not UTF-8");
    }

    /// <summary>The innermost container that was open, or one that holds it when that has more levels than a person would follow.</summary>
    private static string OpenPlace(JsonTape tape)
    {
        int at = tape.Open;
        while (at >= 0 && tape[at].Depth > DefinitionLimits.MaxDepth) at = tape[at].Parent;
        return at < 0 ? JsonPath.Root : JsonPath.Of(tape, at);
    }

    /// <summary>The reader's message without its own notation of the place, which counts from 0, and without what only a programmer could do.</summary>
    private static string Describe(JsonException e)
    {
        int tail = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string what = (tail < 0 ? e.Message : e.Message[..tail]).Replace(ForProgrammers, "which JSON does not allow.", StringComparison.Ordinal);
        if (what.StartsWith("'/' is", StringComparison.Ordinal)) what += " JSON has no comments.";
        return string.Create(CultureInfo.InvariantCulture, $"line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {what}");
    }
}
