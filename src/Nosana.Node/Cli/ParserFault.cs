using System.CommandLine;
using System.CommandLine.Parsing;
using Nosana.JobDefinition.Faults;

namespace Nosana.Node.Cli;

/// <summary>What the parser has against a command line, in one sentence that names no type of this program.</summary>
internal static class ParserFault
{
    /// <summary>In the parser's messages of values; others are this program's, and good as they are.</summary>
    private static readonly string[] ParsersOwn = ["as expected type", "not recognized"];

    /// <summary>The first fault; null when there is none, or when help or the version was asked for.</summary>
    public static string? Of(ParseResult parsed)
    {
        if (UnknownOption(parsed) is { } unknown) return $"There is no option '{unknown}' here{Hint(unknown, OptionsOf(parsed))}";
        return parsed.Action is System.CommandLine.Invocation.ParseErrorAction && parsed.Errors.Count > 0 ? Sentence(parsed, parsed.Errors[0]) : null;
    }

    private static string Sentence(ParseResult parsed, ParseError error) => error.SymbolResult switch
    {
        OptionResult option => OfOption(option, error),
        ArgumentResult { Parent: OptionResult option } => OfOption(option, error),
        ArgumentResult { Tokens.Count: 0 } argument => $"'{VerbOf(parsed)}' needs {Article(argument.Argument.Name)}: {argument.Argument.Description}.",
        ArgumentResult argument => $"'{argument.Tokens[^1].Value}' is not {Wanted(argument.Argument.ValueType)}.",
        CommandResult { Command: var command } when parsed.UnmatchedTokens.Count > 0 && command.Subcommands.Count > 0 =>
            $"There is no verb '{parsed.UnmatchedTokens[0]}' here{Hint(parsed.UnmatchedTokens[0], command.Subcommands.Select(verb => verb.Name))}",
        CommandResult when parsed.UnmatchedTokens.Count > 0 =>
            $"'{VerbOf(parsed)}' does not know what to do with '{parsed.UnmatchedTokens[0]}'; --help tells what it takes.",
        CommandResult { Command: { Subcommands.Count: > 0 } command } =>
            $"What is to be done? Name one of {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}; --help tells what each does.",
        _ => OneLine(error.Message),
    };

    private static string OfOption(OptionResult result, ParseError error)
    {
        string name = result.IdentifierToken?.Value ?? result.Option.Name;
        if (result.Tokens.Count == 0) return $"{name} {(result.IdentifierToken is null ? "is needed" : "needs a value")}: {result.Option.Description}.";
        if (result.Tokens.Count > 1 && result.Option.Arity.MaximumNumberOfValues == 1) return $"{name} can be given only once.";
        if (!ParsersOwn.Any(words => error.Message.Contains(words, StringComparison.Ordinal))) return OneLine(error.Message);
        string[] choices = [.. result.Option.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(choice => choice.Label)];
        return $"{name} '{result.Tokens[^1].Value}' is not {(choices.Length > 0 ? $"one of {string.Join(", ", choices)}" : Wanted(result.Option.ValueType))}.";
    }

    /// <summary>The parser takes an option that it does not know for a file or an address, and then complains of the ones that follow.</summary>
    private static string? UnknownOption(ParseResult parsed) => parsed.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))?.Value;

    private static IEnumerable<string> OptionsOf(ParseResult parsed) => parsed.CommandResult.Command.Options
        .Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive))
        .SelectMany(option => (string[])[option.Name, .. option.Aliases])
        .Where(name => name.StartsWith("--", StringComparison.Ordinal));

    private static string Hint(string name, IEnumerable<string> known) =>
        NearestKey.Find(name, known) is { } nearest ? $": did you mean '{nearest}'?" : ": --help lists what there is.";

    private static string VerbOf(ParseResult parsed)
    {
        List<string> names = [];
        for (CommandResult? command = parsed.CommandResult; command?.Parent is not null; command = command.Parent as CommandResult)
            names.Insert(0, command.Command.Name);
        return string.Join(' ', names);
    }

    private static string Article(string name) => ("aeiou".Contains(name[0], StringComparison.Ordinal) ? "an " : "a ") + name;

    private static string Wanted(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(int) || type == typeof(long)) return "a whole number";
        if (type == typeof(double) || type == typeof(decimal)) return "a number";
        return type == typeof(bool) ? "true or false" : "what is expected here";
    }

    private static string OneLine(string message) =>
        string.Join(' ', message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
