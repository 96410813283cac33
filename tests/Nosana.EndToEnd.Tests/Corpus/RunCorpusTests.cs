using System.Text.Json.Nodes;
using Nosana.Docker;
using Nosana.JobDefinition.Reading;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Corpus;

/// <summary>The definitions of the public corpus that need neither a GPU nor remote files, run on a real engine with stand-in images.</summary>
public sealed class RunCorpusTests(CorpusRuns runs) : IClassFixture<CorpusRuns>
{
    public static TheoryData<string> Runnable => [.. CorpusFiles.Runnable.Keys];

    public static TheoryData<string> Refused => [.. CorpusFiles.Refused.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Runnable))]
    public async Task Run_RunnableDefinition_EndsInAFlowStateOfTheOfficialShape(string file)
    {
        SkipWithoutCorpus();
        ExpectedRun expected = CorpusFiles.Runnable[file];
        CorpusRuns.Finished run = await runs.OfAsync(file);

        Assert.True(run.ExitCode == (expected.Status == "success" ? 0 : 1), run.Errors);
        JsonObject flow = JsonNode.Parse(run.Output)!.AsObject();
        JsonObject[] ops = FlowShape.Check(flow);
        Assert.Equal(expected.Status, flow["status"]!.GetValue<string>());
        Assert.Equal(expected.Ops.Select(op => op.Id), ops.Select(op => op["operationId"]!.GetValue<string>()));
        foreach ((ExpectedOp wanted, JsonObject op) in expected.Ops.Zip(ops))
        {
            FlowShape.CheckOp(wanted, op);
            if (op["providerId"] is { } container)
                await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => runs.Engine.Containers.InspectContainerAsync(container.GetValue<string>(), Token));
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Run_RefusedDefinition_SaysWhyAndStartsNothing(string file)
    {
        SkipWithoutCorpus();
        CorpusRuns.Finished run = await runs.OfAsync(file);

        Assert.True(run.ExitCode == 2, run.Errors);
        Assert.Empty(run.Output);
        Assert.Contains(CorpusFiles.Refused[file], run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_EveryFileOfTheCorpus_StandsInTheOneItBelongsTo()
    {
        SkipWithoutCorpus();
        string folder = Path.Combine(RepositoryFiles.Corpus, "public");
        string[] listed = [.. CorpusFiles.Runnable.Keys, .. CorpusFiles.Refused.Keys, .. CorpusFiles.NeedGpu, .. CorpusFiles.NeedResources, .. CorpusFiles.NeedGpuAndResources];
        Assert.Equal(Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));

        // No list hides a definition that could run.
        foreach (string file in CorpusFiles.Runnable.Keys) Assert.Equal((file, false, false), Needs(folder, file));
        foreach (string file in CorpusFiles.NeedGpu) Assert.Equal((file, true, false), Needs(folder, file));
        foreach (string file in CorpusFiles.NeedResources) Assert.Equal((file, false, true), Needs(folder, file));
        foreach (string file in CorpusFiles.NeedGpuAndResources) Assert.Equal((file, true, true), Needs(folder, file));
    }

    private static (string File, bool Gpu, bool Resources) Needs(string folder, string file)
    {
        DefinitionResult read = DefinitionReader.ReadFile(file, File.ReadAllBytes(Path.Combine(folder, file)));
        Assert.True(read.IsValid, file);
        return (file,
            read.Definition.Ops.Any(op => op.Args.Element.TryGetProperty("gpu", out var gpu) && gpu.ValueKind == System.Text.Json.JsonValueKind.True),
            read.Definition.Ops.Any(op => op.Args.Element.TryGetProperty("resources", out _)));
    }

    private static void SkipWithoutCorpus() => Assert.SkipWhen(RepositoryFiles.NoCorpus is not null, $"shared/corpus: {RepositoryFiles.NoCorpus}");
}
