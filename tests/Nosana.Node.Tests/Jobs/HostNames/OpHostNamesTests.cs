using System.Text;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Reading;
using Nosana.Node.Jobs.HostNames;

namespace Nosana.Node.Tests.Jobs.HostNames;

public sealed class OpHostNamesTests
{
    [Theory]
    [InlineData("db")]
    [InlineData("Worker_1")]
    [InlineData("3")]
    [InlineData("a-b")]
    public void Of_IdIsALabel_IsAName(string id) => Assert.Equal(["alias", id], NamesOf(id, ["alias"], ""));

    [Theory]
    [InlineData("a.b")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a b")]
    [InlineData("größe")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void Of_IdIsNotALabel_IsLeftOut(string id) => Assert.Equal(["alias"], NamesOf(id, ["alias"], ""));

    [Fact]
    public void Of_IdIsAnAliasAlready_IsNamedOnce() => Assert.Equal(["DB"], NamesOf("db", ["DB"], ""));

    [Theory]
    [InlineData("""["x","db"]""")]
    [InlineData("""
                "x, DB"
                """)]
    public void Of_AnotherOperationHasItAsAnAlias_TheOtherKeepsIt(string aliases) => Assert.Empty(NamesOf("db", [], $",\"aliases\":{aliases}"));

    [Theory]
    [InlineData("""["x",7]""")]
    [InlineData("null")]
    [InlineData("{}")]
    public void AliasesAsWritten_OddValues_AreNoNames(string aliases) =>
        Assert.DoesNotContain("db", new OperationArgs(Encoding.UTF8.GetBytes($$"""{"aliases":{{aliases}}}""")).AliasesAsWritten);

    private static IReadOnlyList<string> NamesOf(string id, IReadOnlyList<string> aliases, string otherArgs)
    {
        string other = $$$"""{"type":"container/run","id":"other","args":{"image":"x"{{{otherArgs}}}}}""";
        string json = $$$"""{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"{{{id}}}","args":{"image":"x"}},{{{other}}}]}""";
        DefinitionResult read = DefinitionReader.Read(Encoding.UTF8.GetBytes(json));
        Assert.True(read.IsValid, string.Join('\n', read.Errors));
        return OpHostNames.Of(read.Definition, read.Definition.Ops[0], new ContainerRunArgs { Image = "x", Aliases = aliases });
    }
}
