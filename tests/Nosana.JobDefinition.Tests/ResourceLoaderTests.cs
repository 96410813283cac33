using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Tests;

public sealed class ResourceLoaderTests
{
    [Fact]
    public void Load_EachKind_IsTheResourceOfADefinition()
    {
        Assert.Equal("llama3:8b", Assert.IsType<OllamaResource>(ResourceLoader.Load("""{"type":"Ollama","model":"llama3:8b"}""").Resource).Model);
        Assert.Equal("org/model", Assert.IsType<HuggingFaceResource>(ResourceLoader.Load("""{"type":"HF","repo":"org/model"}""").Resource).Repo);
        S3Resource s3 = Assert.IsType<S3Resource>(ResourceLoader.Load("""{"type":"S3","url":"https://models.example/llm"}""").Resource);
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
    public void Load_NoResource_SaysWhatIsWrongAndNoValue(string document)
    {
        (Resource? resource, string? fault) = ResourceLoader.Load(document);
        Assert.Null(resource);
        Assert.NotNull(fault);
        Assert.DoesNotContain("hush", fault, StringComparison.Ordinal);
    }
}
