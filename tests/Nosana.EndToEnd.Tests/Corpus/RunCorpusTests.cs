using System.Text.Json.Nodes;
using Nosana.Docker;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Reading;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Corpus;

/// <summary>The definitions of the public corpus, run on a real engine with stand-ins of images, GPUs and remote sources.</summary>
public sealed class RunCorpusTests(CorpusRuns runs) : IClassFixture<CorpusRuns>
{
    public static TheoryData<string> Runnable => [.. CorpusFiles.Runnable.Keys];

    public static TheoryData<string> NeedGpu => [.. CorpusFiles.NeedGpu.Keys];

    public static TheoryData<string> NeedResources => [.. CorpusFiles.NeedResources.Keys, .. CorpusFiles.NeedGpuAndResources.Keys];

    public static TheoryData<string> Refused => [.. CorpusFiles.Refused.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Runnable))]
    public Task Run_RunnableDefinition_EndsInAFlowStateOfTheOfficialShape(string file) => CheckAsync(file, CorpusFiles.Runnable);

    [Theory]
    [MemberData(nameof(NeedGpu))]
    public async Task Run_DefinitionOnGpus_HasThemAndEndsInAFlowStateOfTheOfficialShape(string file)
    {
        CorpusRuns.Finished run = await CheckAsync(file, CorpusFiles.NeedGpu);
        CheckGpus(file, run);
    }

    [Theory]
    [MemberData(nameof(NeedResources))]
    public async Task Run_DefinitionWithResources_HasThemWhereItWantsThemAndEndsInAFlowStateOfTheOfficialShape(string file)
    {
        IReadOnlyDictionary<string, ExpectedRun> list = CorpusFiles.NeedResources.ContainsKey(file) ? CorpusFiles.NeedResources : CorpusFiles.NeedGpuAndResources;
        CorpusRuns.Finished run = await CheckAsync(file, list);
        CheckGpus(file, run);

        foreach (ExpectedOp op in list[file].Ops)
        {
            foreach (ExpectedMount mount in op.Mounts) Assert.Contains($"fetched: {mount.Files.Count} files, {mount.Files.Values.Sum(content => content.Length)} bytes", run.Errors, StringComparison.Ordinal);
            if (!op.IsStopped) continue;
            SeenContainer seen = run.Containers.Single(container => container.Op == op.Id);
            Assert.Equal(op.Mounts.Select(mount => Place(mount.Target)).Order(), seen.Files.Keys.Order());
            Assert.Equal(op.Mounts.Where(mount => mount.IsWritable).Select(mount => Place(mount.Target)).Order(), seen.Writable.Order());
            foreach (ExpectedMount mount in op.Mounts) Assert.Equal(mount.Files, seen.Files[Place(mount.Target)]);
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Run_RefusedDefinition_SaysWhyAndStartsNothing(string file)
    {
        NeedsCorpus.OrSkip();
        CorpusRuns.Finished run = await runs.OfAsync(file);

        Assert.True(run.ExitCode == 2, run.Errors);
        Assert.Empty(run.Output);
        Assert.Contains(CorpusFiles.Refused[file], run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_EveryFileOfTheCorpus_StandsInTheOneItBelongsTo()
    {
        NeedsCorpus.OrSkip();
        string[] listed = [.. CorpusFiles.Runnable.Keys, .. CorpusFiles.Refused.Keys, .. CorpusFiles.NeedGpu.Keys, .. CorpusFiles.NeedResources.Keys, .. CorpusFiles.NeedGpuAndResources.Keys];
        Assert.Equal(Directory.EnumerateFiles(RepositoryFiles.PublicDefinitions).Select(Path.GetFileName).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));

        // No list hides a definition that could run.
        foreach (string file in CorpusFiles.Runnable.Keys) Assert.Equal((file, false, false), Needs(file));
        foreach (string file in CorpusFiles.NeedGpu.Keys) Assert.Equal((file, true, false), Needs(file));
        foreach (string file in CorpusFiles.NeedResources.Keys) Assert.Equal((file, false, true), Needs(file));
        foreach (string file in CorpusFiles.NeedGpuAndResources.Keys) Assert.Equal((file, true, true), Needs(file));
    }

    private async Task<CorpusRuns.Finished> CheckAsync(string file, IReadOnlyDictionary<string, ExpectedRun> list)
    {
        NeedsCorpus.OrSkip();
        ExpectedRun expected = list[file];
        CorpusRuns.Finished run = await runs.OfAsync(file);

        Assert.True(run.ExitCode == expected.ExitCode, run.Errors);
        JsonObject flow = JsonNode.Parse(run.Output)!.AsObject();
        JsonObject[] ops = FlowShape.Check(flow);
        Assert.Equal(expected.Status, flow["status"]!.GetValue<string>());
        Assert.Equal(expected.Ops.Select(op => op.Id), ops.Select(op => op["operationId"]!.GetValue<string>()));
        foreach ((ExpectedOp wanted, JsonObject op) in expected.Ops.Zip(ops))
        {
            FlowShape.CheckOp(wanted, op);
            if (op["providerId"] is { } container)
                await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => runs.Engine.InspectContainerAsync(container.GetValue<string>(), Token));
        }
        return run;
    }

    /// <summary>Each service was given all GPUs of the slot, or none where it asks for none.</summary>
    private static void CheckGpus(string file, CorpusRuns.Finished run)
    {
        Definition definition = Read(file);
        foreach (SeenContainer seen in run.Containers)
            Assert.Equal(definition.Ops.Single(op => op.Id == seen.Op).Args.WantsGpu ? $"{FakeNvidia.FirstUuid},{FakeNvidia.SecondUuid}" : "void", seen.Gpus);
    }

    private static (string File, bool Gpu, bool Resources) Needs(string file)
    {
        Definition definition = Read(file);
        return (file, definition.Ops.Any(op => op.Args.WantsGpu), definition.Ops.Any(op => op.Args.Element.TryGetProperty("resources", out _)));
    }

    private static Definition Read(string file)
    {
        DefinitionResult read = DefinitionReader.ReadFile(file, File.ReadAllBytes(Path.Combine(RepositoryFiles.PublicDefinitions, file)));
        Assert.True(read.IsValid, file);
        return read.Definition;
    }

    private static string Place(string target) => target.TrimEnd('/');
}
