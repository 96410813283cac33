using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>At whoever reads: escape sequences and line breaks in names, paths, keys and output, which a terminal obeys and a log takes for its own lines.</summary>
public sealed partial class OperatorAttackTests : IAsyncLifetime
{
    private const string Id = "a\u001b]0;title\u0007\u001b[2J\u001b[H\n21:00:00.000 info  FORGED line by op id \u009b2J\u202Egnp";

    /// <summary>Ids, paths and expected answers that forge lines, and output that sets the clipboard, clears the screen and is red.</summary>
    private static readonly string s_definition = new JsonObject
    {
        ["version"] = "0.1",
        ["type"] = "container",
        ["meta"] = new JsonObject { ["trigger"] = "cli" },
        ["ops"] = new JsonArray(new JsonObject
        {
            ["type"] = "container/run",
            ["id"] = Id,
            ["args"] = new JsonObject
            {
                ["image"] = Definitions.Image,
                ["cmd"] = @"printf '\033]52;c;cm0gLXJmIC8=\007\033[2Jcleared\r21:00:00.000 info  FORGED by output\033[31mred\n'; sleep 3",
                ["expose"] = new JsonArray(
                    new JsonObject
                    {
                        ["port"] = 80,
                        ["health_checks"] = new JsonArray(new JsonObject
                        {
                            ["type"] = "http",
                            ["path"] = "/\u001b[31mX\n21:00 info FORGED BY PATH",
                            ["method"] = "GET",
                            ["expected_status"] = 200,
                            ["continuous"] = true,
                        }),
                    },
                    new JsonObject
                    {
                        ["port"] = 81,
                        ["health_checks"] = new JsonArray(new JsonObject { ["type"] = "websocket", ["expected_response"] = "\u001b[2J\nFORGED BY WS", ["continuous"] = true }),
                    }),
            },
        }),
    }.ToJsonString();

    private readonly MarketHost _host = new() { Options = ["--verbose"] };

    private string Home => _host.Network.Directory;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Definition_WithEscapesInNamesAndPaths_ForgesNothingInTheLog()
    {
        PublicKey job = await _host.Network.PostAsync(s_definition);
        (_, JsonNode result) = await _host.CompletedAsync(job);

        Assert.True(IsHarmless(_host.Process.Text, "\n"), _host.Process.Text);
        Assert.DoesNotMatch(ForgedLine(), _host.Process.Text);
        Assert.Contains(@"op=""a\u001b]0;title\u0007", _host.Process.Text, StringComparison.Ordinal);
        // The control: the same text is what a terminal would obey.
        Assert.Equal(Id, Definitions.Op(result)["operationId"]!.GetValue<string>());
        Assert.False(IsHarmless(Id, "\n"));
        Assert.Matches(ForgedLine(), Id);
    }

    [Fact]
    public async Task Output_WithEscapes_RunShowsItOnItsLines()
    {
        await using NodeProcess run = NodeProcess.StartRun(Home, s_definition, _host.EngineAddress);
        await run.ExitAsync();

        Assert.True(IsHarmless(run.Text, "\n\t"), run.Text);
        Assert.DoesNotMatch(ForgedLine(), run.Text);
        Assert.Contains(@"gnp | \u001b]52;c;cm0gLXJmIC8=\u0007\u001b[2Jcleared", run.Text, StringComparison.Ordinal);
        Assert.Contains(@"gnp | 21:00:00.000 info  FORGED by output\u001b[31mred", run.Text, StringComparison.Ordinal);
        // The control: the result means what was printed, which a terminal would obey.
        string printed = string.Concat(Definitions.LinesOf(Definitions.Op(JsonNode.Parse(run.Output)!)));
        Assert.Contains("\u001b]52;c;cm0gLXJmIC8=\u0007\u001b[2Jcleared\r21:00", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_OnATerminal_KeepsItsColoursAlone()
    {
        string file = NodeProcess.Write(Home, s_definition), typescript = Path.Combine(Home, "typescript");
        // script(1) gives what it runs a terminal, and keeps what that gets.
        const string onATerminal = "unset NO_COLOR; exec script --quiet --flush --return --command \"$(printf '%q ' \"$@\")\" \"$0\"";
        await using NodeProcess run = NodeProcess.Start(
            Home, null, ["run", file, "--docker", _host.EngineAddress.OriginalString], through: ["bash", "-c", onATerminal, typescript]);
        await run.ExitAsync();
        string shown = (await File.ReadAllTextAsync(typescript, TestContext.Current.CancellationToken)).Replace("\r\n", "\n", StringComparison.Ordinal);

        Assert.True(shown.Contains("FORGED by output\u001b[31mred\u001b[0m\n", StringComparison.Ordinal), shown);
        Assert.Contains(@"\u001b]52;c;cm0gLXJmIC8=\u0007\u001b[2Jcleared", shown, StringComparison.Ordinal);
        Assert.True(IsHarmless(Allowed().Replace(shown, ""), "\n\t"), shown);
        Assert.DoesNotMatch(ForgedLine(), shown);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Keys_WithEscapes_ValidateShowsThemOnItsLines(string format)
    {
        const string key = "\u001b[2J\nFORGED KEY\u0007";
        string file = NodeProcess.Write(Home, new JsonObject
        {
            ["version"] = "0.1",
            ["type"] = "container",
            ["ops"] = new JsonArray(new JsonObject { ["type"] = "container/run", ["id"] = "a", ["args"] = new JsonObject { ["image"] = "x", [key] = 1 } }),
        }.ToJsonString());

        (int code, string output, string text) = await NodeProcess.RunAsync(Home, "validate", file, "--format", format);

        Assert.Equal(1, code);
        Assert.True(IsHarmless(text, "\n"), text);
        Assert.DoesNotContain("\nFORGED", text, StringComparison.Ordinal);
        Assert.Contains("FORGED KEY", text, StringComparison.Ordinal);
        if (format == "json") Assert.NotEmpty(JsonNode.Parse(output)![0]!["errors"]!.AsArray());
    }

    private static bool IsHarmless(string text, string allowed) => text.EnumerateRunes().All(rune =>
        rune.IsBmp && allowed.Contains((char)rune.Value) || Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));

    [GeneratedRegex(@"(^|[\r\n])(21:00|FORGED)")]
    private static partial Regex ForgedLine();

    /// <summary>Colours, and what the runtime itself tells a terminal of its keypad.</summary>
    [GeneratedRegex("\u001b(\\[[0-9;:]*m|\\[\\?1[hl]|[=>])")]
    private static partial Regex Allowed();
}
