using Nosana.JobDefinition.Model;
using Nosana.Node.HostManager;

namespace Nosana.Node.Tests.HostManager;

public sealed class RequiredResourceTests
{
    [Fact]
    public void Read_EachKind_IsTheResourceOfADefinition()
    {
        Assert.Equal("llama3:8b", Assert.IsType<OllamaResource>(RequiredResource.Read("""{"type":"Ollama","model":"llama3:8b"}""").Resource).Model);
        Assert.Equal("org/model", Assert.IsType<HuggingFaceResource>(RequiredResource.Read("""{"type":"HF","repo":"org/model"}""").Resource).Repo);
        S3Resource s3 = Assert.IsType<S3Resource>(RequiredResource.Read("""{"type":"S3","url":"https://models.example/llm"}""").Resource);
        Assert.Equal(("https://models.example/llm", "/resource"), (s3.Url, s3.Target));
    }

    [Theory]
    [InlineData("\"llama3\"")]
    [InlineData("""{"type":"Git","url":"https://hush.example"}""")]
    [InlineData("""{"type":"Ollama"}""")]
    [InlineData("""{"type":"S3","url":"%%global.variables.hush%%"}""")]
    [InlineData("\"__remove-if-empty__\"")]
    [InlineData("""{"type":"Ollama","model":"hush","model":"hush"}""")]
    [InlineData("""{"type":"S3","url":"https://models.example","target":"/a","target":"/hush"}""")]
    [InlineData("hush")]
    public void Read_NoResource_SaysWhatIsWrongAndNoValue(string document)
    {
        (Resource? resource, string? fault) = RequiredResource.Read(document);
        Assert.Null(resource);
        Assert.NotNull(fault);
        Assert.DoesNotContain("hush", fault, StringComparison.Ordinal);
    }
}
