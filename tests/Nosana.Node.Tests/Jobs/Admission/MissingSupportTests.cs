using System.Text;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Reading;
using Nosana.Node.Jobs.Admission;

namespace Nosana.Node.Tests.Jobs.Admission;

public sealed class MissingSupportTests
{
    [Theory]
    [InlineData("\"SEV-SNP\"")]
    [InlineData("true")]
    [InlineData("{}")]
    public void Of_JobThatWantsTrustedExecution_IsRefused(string wanted) =>
        Assert.StartsWith("Operation 'serve' asks for a trusted execution environment", MissingSupport.Of(Read($",\"trusted_execution_env\":{wanted}", "")), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData(""","trusted_execution_env":false""")]
    [InlineData(""","trusted_execution_env":"" """)]
    [InlineData(""","resources":[{"type":"S3","url":"https://models.example/a","target":"/data"}]""")]
    [InlineData(""","gpu":true,"expose":80""")]
    public void Of_JobWithoutThem_IsNothing(string args) => Assert.Null(MissingSupport.Of(Read(args, "")));

    [Fact]
    public void Of_ConfidentialJob_IsNothing() =>
        Assert.Null(MissingSupport.Of(Read("", ""","logistics":{"send":{"type":"api-listen","args":{}},"receive":{"type":"api-listen","args":{}}}""")));

    private static Definition Read(string args, string root)
    {
        string json = $$$"""{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"serve","args":{"image":"ubuntu"{{{args}}}}}]{{{root}}}}""";
        DefinitionResult read = DefinitionReader.Read(Encoding.UTF8.GetBytes(json));
        Assert.True(read.IsValid, string.Join('\n', read.Errors));
        return read.Definition;
    }
}
