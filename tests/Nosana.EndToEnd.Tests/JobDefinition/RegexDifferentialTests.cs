using System.Text;
using System.Text.Json;
using Nosana.JobDefinition.JavaScriptPatterns;

namespace Nosana.EndToEnd.Tests.JobDefinition;

/// <summary>Patterns with JavaScript's meaning on .NET beside node's own engine: every match, group and error text.</summary>
public class RegexDifferentialTests(ITestOutputHelper output)
{
    private const int Seed = 4_711;
    private const int RandomPatterns = 20_000;

    private static readonly string[] s_patterns =
    [
        "", "a", "*", ".*", "(?<=port: ).*", "count=(\\d+)", "Dev (\\d)(x)?", "Device [0-9].+?(?=,)", "(?<=A:  \\[\\/INST\\]  )(.*)(?=',)", "\\", "(", ")", "[", "]", "{", "}", "a{", "a{,5}", "a{2}",
        "a{2,}", "a{1,2}?", "a{3,2}", "{2}", "a**", "a*+", "+", "?", "a|*", "(?i)a", "(?i:a)", "(?>a)", "(?#x)a", "(?(1)a)", "(?P<n>a)", "(?'n'a)", "(?<n>a)\\k<n>", "(?<n>a)\\k<m>", "\\k<n>", "(?<n>a)\\k",
        "(?<n>a)(?<n>b)", "(?<1a>x)", "(?<>x)", "(?<$_a1>x)(y)", "(?<a>x)(b)(?<c>a)", "^a$", "a$", "^", "$", "^*", "$+", "\\b+", "(?=a)*", "(?=a)+b", "(?!a)?b", "(?<=a)*", "(?<!a)+", "\\bab\\b", "\\Bb",
        "\\d\\D\\w\\W\\s\\S", "[\\d\\s]", "[^\\D]", "[^\\S]", "[^\\w]", "[]", "[^]", "[]a", "[a-]", "[-a]", "[b-a]", "[a-\\d]", "[\\d-z]", "[\\b]", "[a-z-[aeiou]]", "[[]", "[a&&b]", "\\cJ", "\\c", "\\c1", "[\\c1]", "[\\c]",
        "\\0", "\\00", "\\1", "\\1(a)", "(a)\\1", "(a)\\2", "(a)\\10", "\\8", "\\9", "\\07", "\\400", "\\x41", "\\x4", "\\x", "\\u0061", "\\u006", "\\u{61}", "\\u{2}", "\\p{L}", "\\A", "\\Z", "\\z", "\\G", "\\a", "\\e", "\\Q.\\E", "\\h",
        "\\-", "\\/", "/", "#", "a b", "(a)|b", "(?:(a)|b)*", "(?:(a)|(b)|(c))*", "(z)((a+)?(b+)?(c))*", "(a*)*", "(a*)+", "(?:|a)*", "(?:a|)*", "(a?)*?b", "(?:a?)*?$", "(a*){2,3}", "(|a)+", "((a)|b)*\\2", "(\\1a)", "(?:\\1(a))*",
        "(?<=(\\d+)(\\d+))$", "(?<=\\1(a))b", "(?<=(a)\\1)b", "(?<!a)b", "(?<=^|a)b", "(?<=a{2})b", "(?<=(?:a|b)*)c", "(?<=([ab]+)([bc]+))$", "(?=(a+))a*b\\1", "(?!(a))b", "(?=(a))\\1", "a(?=b(?<=ab))", "[\\u0061-\\u0063]+",
        "\\s", "\\s+$", "\\w+", "[\\w-]+", "x*", "(x)?", "(a)?b\\1c", "a.c", "a[^]c", "\u00e9", "[\u00e9-\u00ff]", "\ud83d\ude00", ".", "..", "\\ud83d", "\\t\\n\\v\\f\\r", "((((((((((a))))))))))\\10", "a{0}", "a{0}b", "(a){0}\\1b", "a{99999999999}", "(?:)", "()", "()*",
    ];

    private static readonly string[] s_inputs =
    [
        "", "a", "b", "ab", "aab", "aaab", "aba", "abc", "cba", "port: 80\n", "count=12\n", "Dev 2x Dev 3", "a\n", "a\nb", "\n", "\r\n", "a\r", "\u2028", "\u00a0", "\ufeff", "\u0085", "1053", "\u0661", "\u00e9", "e\u0301", "/", "//", "(?i)a", "]", "a]", "-", "a-", "\\", "\0",
        "\u0001", "\u0007", "\b", "zaacbbbcac", "aaa", "aaaa", "a b", "_", "#", "\ud83d\ude00", "x", "xba", "uu", "A", "p{L}", "k<n>", "\u0020\u0030", "8", "9", "cJ", "\\c", "aaaaaaaaaa\u0061", "abab", "foo bar\tbaz\n",
    ];

    private static readonly string[] s_tokens =
    [
        "a", "b", "1", ".", "^", "$", "\\b", "\\B", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "[ab]", "[^a]", "[\\d-b]", "(", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?<n>", "(?<m>", ")", ")", ")", "|", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,1}?", "{,2}", "\\1", "\\2", "\\k<n>", "\\0",
    ];

    [Fact]
    public async Task Match_SamePatternAndText_GivesWhatNodeGives()
    {
        List<(string Pattern, string[] Inputs)> cases = Cases();
        string batch = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(batch, cases.Select(c => JsonSerializer.Serialize(new { pattern = c.Pattern == "*" ? "/*" : c.Pattern, inputs = c.Inputs })), TestContext.Current.CancellationToken);
            string[] answers = await NodeProgram.RunAsync("regex-batch.mjs", [batch], TestContext.Current.CancellationToken);
            bool isNode20 = answers[0].StartsWith("20.", StringComparison.Ordinal);
            answers = answers[1..];
            Assert.Equal(cases.Count, answers.Length);

            int errors = 0, matches = 0;
            var disagreements = new List<string>();
            for (int i = 0; i < cases.Count; i++)
            {
                string ours = Run(cases[i].Pattern, cases[i].Inputs);
                if (answers[i].StartsWith('"')) errors++;
                else matches++;
                // Newer engines know inline flags and allow a name twice; version 20 is the official host's.
                if (!isNode20 && IsNewerSyntax(cases[i].Pattern)) continue;
                if (answers[i] != ours)
                    disagreements.Add($"/{cases[i].Pattern}/ on {JsonSerializer.Serialize(cases[i].Inputs)}\n  node: {answers[i]}\n  ours: {ours}");
            }
            output.WriteLine($"{cases.Count} patterns: {matches} legal, {errors} refused by node; disagreements {disagreements.Count}");
            Assert.True(disagreements.Count == 0, $"{disagreements.Count} disagreements\n" + string.Join("\n", disagreements.Take(25)));
            Assert.True(errors > 100 && matches > 1000);
        }
        finally
        {
            File.Delete(batch);
        }
    }

    private static List<(string Pattern, string[] Inputs)> Cases()
    {
        var cases = s_patterns.Select(p => (p, s_inputs)).ToList();
        var random = new Random(Seed);
        for (int i = 0; i < RandomPatterns; i++)
        {
            string pattern = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => s_tokens[random.Next(s_tokens.Length)]));
            // Most soups lack a bracket; closing what is open makes more of them legal.
            int open = pattern.Count(c => c == '(') - pattern.Count(c => c == ')');
            if (open > 0) pattern += new string(')', open);
            string[] inputs = [.. Enumerable.Range(0, 4).Select(_ => string.Concat(Enumerable.Range(0, random.Next(7)).Select(_ => "aab1 \n"[random.Next(6)])))];
            cases.Add((pattern, inputs));
        }
        return cases;
    }

    private static string Run(string pattern, string[] inputs)
    {
        try
        {
            JavaScriptRegex regex = JavaScriptRegex.Compile(pattern, TimeSpan.FromSeconds(10));
            return $"[{string.Join(',', inputs.Select(i => regex.Match(i) is { } match ? $"[{string.Join(',', match.Select(Text))}]" : "null"))}]";
        }
        catch (JavaScriptRegexException e)
        {
            return Text(e.Message);
        }
    }

    private static bool IsNewerSyntax(string pattern) =>
        pattern.Contains("(?i", StringComparison.Ordinal)
        || pattern.IndexOf("(?<n>", StringComparison.Ordinal) != pattern.LastIndexOf("(?<n>", StringComparison.Ordinal)
        || pattern.IndexOf("(?<m>", StringComparison.Ordinal) != pattern.LastIndexOf("(?<m>", StringComparison.Ordinal);

    /// <summary>As the script writes it: JSON with printable ASCII only.</summary>
    private static string Text(string? text)
    {
        if (text is null) return "null";
        var json = new StringBuilder("\"");
        foreach (char c in text)
            json.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                >= ' ' and <= '~' => c.ToString(),
                _ => $"\\u{(int)c:x4}",
            });
        return json.Append('"').ToString();
    }
}
