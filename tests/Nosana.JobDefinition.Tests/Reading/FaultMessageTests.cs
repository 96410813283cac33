using System.Text;
using Nosana.JobDefinition.Reading;

namespace Nosana.JobDefinition.Tests.Reading;

/// <summary>What a person is told who got something wrong in a common way.</summary>
public class FaultMessageTests
{
    [Fact]
    public void Read_IdsMissingOrTwice_AreNamedOneByOneWithAllElse()
    {
        DefinitionResult result = Ops("""{"type":"container/run","id":"a","args":{"image":"i"}},{"type":"container/run","ID":"b","args":{"image":5}},{"type":"container/run","id":"a","args":{"image":"i"}},null""");

        Assert.Equal(
            [
                "$input.ops[1].id: is missing: must be a text without spaces, unique in ops",
                "$input.ops[1].args.image: must be a text; found 5",
                "$input.ops[1].ID: unknown key 'ID' - did you mean 'id'? (known here: type, id, args, results, execution)",
                "$input.ops[2].id: must be different from the id of $input.ops[0]; found \"a\"",
                "$input.ops[3]: must be an object with type, id and args; found null",
            ],
            result.Errors.Select(e => e.ToString()));
    }

    [Fact]
    public void Read_CircleBesideOtherPlanFaults_NamesBoth()
    {
        DefinitionResult result = Ops("""{"type":"container/run","id":"train","args":{"image":"i"},"execution":{"depends_on":["serve"]}},{"type":"container/run","id":"serve","args":{"image":"i"},"execution":{"depends_on":["train","tran"]}}""");

        Assert.Equal("$input.ops[0].execution.depends_on[0]", Assert.Single(result.Errors).Path);
        Assert.Contains("depends on 'tran', which does not exist - did you mean 'train'?", Assert.Single(result.PlanFaults).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("restart", "restart_policy")]
    [InlineData("environment", "env")]
    [InlineData("resource", "resources")]
    public void Read_KeyThatIsAPartOfAKnownOne_IsSuggested(string key, string known)
    {
        DefinitionResult result = Ops($$$"""{"type":"container/run","id":"a","args":{"image":"i","{{{key}}}":1}}""");

        Assert.Contains($"did you mean '{known}'?", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("imgae", "image")]
    [InlineData("Name", "name")]
    public void Read_KeyThatDecidesTheShapeIsMisspelt_IsSuggested(string key, string known)
    {
        DefinitionResult result = Ops($$$"""{"type":"container/run","id":"a","args":{"cmd":"x","{{{key}}}":"i"}}""");

        Assert.Contains($"did you mean '{known}' by '{key}'?", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ResourceOfAnotherType_NamesAllThatThereAre()
    {
        DefinitionResult result = Ops("""{"type":"container/run","id":"a","args":{"image":"i","resources":[{"type":"IPFS","url":"u","target":"/t"}]}}""");

        Assert.Equal("must be one of \"S3\", \"HF\", \"Ollama\"; found \"IPFS\"", Assert.Single(result.Errors).Message);
    }

    [Theory]
    [InlineData(" \r\n", "line 1, column 1: the document is empty")]
    [InlineData("{\"a\":1,}", "line 1, column 8: The JSON object contains a trailing comma at the end which JSON does not allow.")]
    [InlineData("{ // x\n}", "line 1, column 3: '/' is invalid after a value. Expected either ',', '}', or ']'. JSON has no comments.")]
    public void Read_NoJson_SaysItWithoutWordsForProgrammers(string json, string message) =>
        Assert.Equal(message, Assert.Single(DefinitionReader.Read(Encoding.UTF8.GetBytes(json)).Errors).Message);

    [Fact]
    public void Read_NoJsonDeepDown_HasAShortPlace() =>
        Assert.InRange(Assert.Single(DefinitionReader.Read(Encoding.UTF8.GetBytes(new string('[', 100_000))).Errors).Path.Length, 1, 500);

    [Theory]
    [InlineData("a: [x, %%global.job%%]", "line 1, column 8: a text that begins with % must be put in quotes")]
    [InlineData("a: %%global.job%%", "must be put in quotes, as any text with a literal such as \"%%ops.ID.host%%\"")]
    public void ReadYaml_LiteralWithoutQuotes_SaysToQuoteIt(string yaml, string message) =>
        Assert.Contains(message, Assert.Single(DefinitionReader.ReadYaml(Encoding.UTF8.GetBytes(yaml)).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void ReadYaml_MergeKey_SaysToWriteTheKeysOut()
    {
        DefinitionResult result = DefinitionReader.ReadYaml(Encoding.UTF8.GetBytes("version: '0.1'\ntype: container\nops:\n  - &o {type: container/run, id: a, args: {image: i}}\n  - {<<: *o, type: container/run, id: b, args: {image: i}}\n"));

        Assert.Contains("YAML 1.2 has no merge keys", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    private static DefinitionResult Ops(string ops) => DefinitionReader.Read(Encoding.UTF8.GetBytes($$"""{"version":"0.1","type":"container","ops":[{{ops}}]}"""));
}
