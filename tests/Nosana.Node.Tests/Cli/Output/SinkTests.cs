using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Nosana.Node.Cli;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Logs;
using Nosana.Node.Tests.Logs;
using Nosana.Node.Tests.Texts;

namespace Nosana.Node.Tests.Cli.Output;

/// <summary>Every way by which a stranger's text reaches the operator, and everything that he may have put in it.</summary>
[Collection(nameof(Console))]
public sealed partial class SinkTests : IDisposable
{
    private readonly TextWriter _out = Console.Out, _error = Console.Error;
    private readonly StringWriter _written = new() { NewLine = "\n" };

    public SinkTests()
    {
        Console.SetOut(_written);
        Console.SetError(_written);
    }

    public static TheoryData<string, string> SinksAndTexts
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (string sink in (string[])["log Text", "log Journald", "exception Text", "exception Journald", "scope Text", "scope Journald", "list Text", "list Journald",
                "line", "error", "facts", "rows", "fault", "faults", "unforeseen", "validate"])
                foreach (string text in Hostile.Texts.Select(row => row.Data))
                    all.Add(sink, text);
            return all;
        }
    }

    public static TheoryData<string, string> JsonSinksAndTexts
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (string sink in (string[])["log Json", "exception Json", "scope Json", "list Json", "facts", "rows", "document", "validate"])
                foreach (string text in Hostile.Texts.Select(row => row.Data))
                    all.Add(sink, text);
            return all;
        }
    }

    public void Dispose()
    {
        Console.SetOut(_out);
        Console.SetError(_error);
    }

    [Theory]
    [MemberData(nameof(SinksAndTexts))]
    public async Task Text_OfAStranger_IsShownOnItsLine(string sink, string text)
    {
        int lines = await WriteAsync(sink, "x", json: false), hostile = await WriteAsync(sink, text, json: false);

        Assert.True(Hostile.IsHarmless(_written.ToString(), "\n"), _written.ToString());
        // The more is wrong, the more lines tell of it.
        if (sink != "validate") Assert.Equal(lines, hostile);
        else Assert.All(_written.ToString().TrimEnd('\n').Split('\n').Skip(1), line => Assert.Matches("^  (error  |warning)  ", line));
        Assert.DoesNotContain("\nFORGED", _written.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(JsonSinksAndTexts))]
    public async Task Json_WithAStrangersText_HoldsItEscapedAndMeansIt(string sink, string text)
    {
        await WriteAsync(sink, text, json: true);

        Assert.True(Hostile.IsHarmless(_written.ToString(), "\n"), _written.ToString());
        JsonNode document = JsonNode.Parse(_written.ToString())!;
        if (sink != "validate") Assert.Contains(Strings(document), value => value.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Echo_OfAnOperation_HasItsNameOnEveryLine()
    {
        using var directory = new TemporaryDirectory();
        using var store = new LogStore(directory.Path, new LogOptions());
        OpLog log = store.OpenOrCreate("job", "a\u001b[2J");
        Task echo = OutputEcho.Start(store, "job", ["a\u001b[2J"]);
        log.Append(LogStream.Stdout, 1, "10%\r20%\u001b]0;title\u0007\u001b[31mred\tx\n"u8.ToArray(), continues: false);
        store.Close("job");
        await echo;

        // Standard error is no terminal here.
        Assert.Equal("a\\u001b[2J | 10%\na\\u001b[2J | 20%\\u001b]0;title\\u0007\\u001b[31mred\tx\n", _written.ToString());
    }

    /// <returns>How many lines were written.</returns>
    private async Task<int> WriteAsync(string sink, string text, bool json)
    {
        _written.GetStringBuilder().Clear();
        string[] words = sink.Split(' ');
        switch (words[0])
        {
            case "log": Log(words[1], logger => LogMissing(logger, text)); break;
            case "list": Log(words[1], logger => LogFaults(logger, [text, text])); break;
            case "exception": Log(words[1], logger => LogBroken(logger, new InvalidOperationException(text, new IOException(text)))); break;
            case "scope":
                Log(words[1], logger =>
                {
                    using (logger.BeginScope(new Dictionary<string, object> { ["job"] = text, ["op"] = text })) LogStarted(logger);
                });
                break;
            case "line": Terminal.WriteLine(text); break;
            case "error": Terminal.WriteError(text); break;
            case "document": Terminal.WriteJson(new JsonObject { ["id"] = text }); break;
            case "facts": Answer(json, (answer, parse) => answer.Write(parse, new JsonObject { ["reason"] = text, ["result"] = new JsonObject { [text] = text } })); break;
            case "rows": Answer(json, (answer, parse) => answer.WriteRows(parse, [new JsonObject { ["reason"] = text }, new JsonObject { ["reason"] = text }], "none")); break;
            case "fault": await FailAsync(new CommandException(text)); break;
            case "faults": await FailAsync(new CommandException(text, [text, text])); break;
            case "unforeseen": await FailAsync(new InvalidOperationException(text)); break;
            case "validate": await ValidateAsync(text, json); break;
            default: throw new ArgumentException(sink);
        }
        return _written.ToString().Count(letter => letter == '\n');
    }

    private void Log(string format, Action<ILogger> log)
    {
        using ILoggerFactory logs = AgentLogging.Create(Enum.Parse<LogFormat>(format), verbose: true, toStandardError: false);
        log(logs.CreateLogger("test"));
    }

    private static void Answer(bool json, Action<CommandOutput, ParseResult> write)
    {
        var answer = new CommandOutput();
        var command = new RootCommand();
        answer.AddTo(command);
        write(answer, command.Parse(json ? ["--format", "json"] : []));
    }

    private static async Task FailAsync(Exception exception)
    {
        var verb = new Command("break");
        verb.SetAction((_, cancel) => NodeCommand.GuardAsync(() => throw exception, cancel));
        var root = new RootCommand { verb };
        root.AddSettingsOfAll();
        await NodeCommand.RunAsync(root, ["break", "--verbose"]);
    }

    private static async Task ValidateAsync(string key, bool json)
    {
        using var directory = new TemporaryDirectory();
        string file = Path.Combine(directory.Path, "definition.json");
        await File.WriteAllTextAsync(file, new JsonObject
        {
            ["version"] = "0.1",
            ["type"] = "container",
            ["ops"] = new JsonArray(new JsonObject { ["type"] = "container/run", ["id"] = key, ["args"] = new JsonObject { ["image"] = key, [key] = 1 } }),
        }.ToJsonString(), TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Failed, await NodeCommand.RunAsync(["validate", file, .. json ? (string[])["--format", "json"] : []]));
    }

    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Strings(field.Value).Append(field.Key)),
        JsonArray items => items.SelectMany(Strings),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };

    [LoggerMessage(LogLevel.Warning, "Image {Image} is not there")]
    private static partial void LogMissing(ILogger logger, string image);

    [LoggerMessage(LogLevel.Warning, "These are wrong:\n  {Faults}")]
    private static partial void LogFaults(ILogger logger, IReadOnlyList<string> faults);

    [LoggerMessage(LogLevel.Error, "It broke")]
    private static partial void LogBroken(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Information, "started")]
    private static partial void LogStarted(ILogger logger);
}

/// <summary>The process has one console: who puts another in its place runs alone.</summary>
[CollectionDefinition(nameof(Console), DisableParallelization = true)]
public sealed class ConsoleCollection;
