using System.Text;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Reading;

namespace Nosana.JobDefinition.Tests.Reading;

/// <summary>YAML as the library of the official client (yaml 2.8, core schema) reads it.</summary>
public class YamlTests
{
    [Theory]
    [InlineData("a: 0.1", """{"a":0.1}""")]
    [InlineData("a: no\nb: yes\nc: on", """{"a":"no","b":"yes","c":"on"}""")]
    [InlineData("a: TRUE\nb: true\nc: False", """{"a":true,"b":true,"c":false}""")]
    [InlineData("a: 017\nb: 0o17\nc: 0xff\nd: 1e3\ne: -1.5\nf: .5\ng: 1.", """{"a":17,"b":15,"c":255,"d":1000,"e":-1.5,"f":0.5,"g":1}""")]
    [InlineData("a: 22:22\nb: 2024-01-01\nc: 80-90\nd: 1_000\ne: 0b1", """{"a":"22:22","b":"2024-01-01","c":"80-90","d":"1_000","e":"0b1"}""")]
    [InlineData("a: ~\nb:\nc: null\nd: ''", """{"a":null,"b":null,"c":null,"d":""}""")]
    [InlineData("a: '0.1'\nb: \"true\"\nc: |\n  1\n  2\nd: >\n  x\n  y", """{"a":"0.1","b":"true","c":"1\n2\n","d":"x y"}""")]
    [InlineData("a: &x {p: 1}\nb: *x\nc: [*x, *x]", """{"a":{"p":1},"b":{"p":1},"c":[{"p":1},{"p":1}]}""")]
    [InlineData("a: &x 1\nb: *x\nc: &x 2\nd: *x", """{"a":1,"b":1,"c":2,"d":2}""")]
    [InlineData("a: &x {p: 1}\nb:\n  <<: *x", """{"a":{"p":1},"b":{"<<":{"p":1}}}""")]
    [InlineData("1: a\ntrue: b\n~: c\n0x10: d", """{"1":"a","true":"b","":"c","16":"d"}""")]
    [InlineData("a: !!str 0.1\nb: !!int '3'\nc: ! 1", """{"a":"0.1","b":3,"c":"1"}""")]
    [InlineData("--- # comment\na: '%%ops.a.host%%'\n...\n", """{"a":"%%ops.a.host%%"}""")]
    public void Convert_ScalarsAndAliases_AsTheCoreSchemaSays(string yaml, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(YamlToJson.Convert(yaml).Span));

    [Theory]
    [InlineData("a: 1\na: 2", "line 2, column 1: the key 'a' stands twice")]
    [InlineData("a: 1\n---\nb: 2", "line 2, column 1: a second document")]
    [InlineData("a: %%ops.a.host%%", "line 1, column 4")]
    [InlineData("a:\n\tb: 1", "line 1, column 1: While scanning a mapping, found invalid tab as indentation")]
    [InlineData("a: *x", "line 1, column 4")]
    [InlineData("a: &x [*x]", "line 1, column 8")]
    [InlineData("a: .inf", "line 1, column 4: .inf has no form in JSON")]
    [InlineData("a: !!binary aGk=", "line 1, column 4: the tag")]
    [InlineData("? [a]\n: b", "line 1, column 3: a key must be a text")]
    [InlineData("", "line 1, column 1: the document is empty")]
    [InlineData("a: [", "line 2, column 1: While parsing a node")]
    public void ReadYaml_NoDocument_SaysLineColumnAndWhy(string yaml, string message)
    {
        DefinitionFault fault = Assert.Single(DefinitionReader.ReadYaml(Encoding.UTF8.GetBytes(yaml)).Errors);

        Assert.Equal("$input", fault.Path);
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadYaml_UnquotedVersion_IsRefusedWithAHint()
    {
        DefinitionFault fault = Assert.Single(DefinitionReader.ReadYaml("version: 0.1\ntype: container\nops: []\n"u8.ToArray()).Errors);

        Assert.Equal("$input.version", fault.Path);
        Assert.Contains("quote it in YAML", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadYaml_Definition_KeepsItsJson()
    {
        DefinitionResult result = DefinitionReader.ReadFile("job.YML", "version: '0.1'\ntype: container\nops: []\n"u8.ToArray());

        Assert.Equal("{\"version\":\"0.1\",\"type\":\"container\",\"ops\":[]}", Encoding.UTF8.GetString(result.Definition!.Json.Span));
    }

    [Theory(Timeout = 240_000)]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: ")]
    [InlineData("a: b\n")]
    [InlineData("[a, ")]
    [InlineData("{a, ")]
    [InlineData("&a ")]
    [InlineData("!a ")]
    [InlineData("'")]
    [InlineData("\"\\")]
    [InlineData("|\n ")]
    [InlineData("\n")]
    [InlineData("# x\n")]
    [InlineData("---\n")]
    [InlineData("%Y a\n")]
    public Task ReadYaml_OneMiBOfOnePiece_EndsWithAVerdict(string piece) =>
        Task.Run(() =>
        {
            string yaml = string.Concat(Enumerable.Repeat(piece, DefinitionLimits.MaxBytes / piece.Length));

            Assert.NotEmpty(DefinitionReader.ReadYaml(Encoding.UTF8.GetBytes(yaml)).Errors);
        }, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(9, 10)]
    [InlineData(30, 2)]
    public void ReadYaml_AliasesThatExplode_AreRefusedSoon(int levels, int width)
    {
        var yaml = new StringBuilder("a0: &a0 [x, x]\n");
        for (int level = 1; level <= levels; level++)
            yaml.Append($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", width))}]\n");
        long before = GC.GetAllocatedBytesForCurrentThread();

        DefinitionFault fault = Assert.Single(DefinitionReader.ReadYaml(Encoding.UTF8.GetBytes(yaml.ToString())).Errors);

        Assert.Contains("aliases make the document larger", fault.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50 * 1024 * 1024);
    }
}
