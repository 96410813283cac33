using System.Text;
using Nosana.JobDefinition.Validation;

namespace Nosana.JobDefinition.Tests;

public class DefinitionLoaderTests
{
    [Fact]
    public void Load_WhatCanRun_HasItsPlanAndNoFault()
    {
        LoadedDefinition loaded = Load("""
            {"type":"container/run","id":"a","args":{"image":"i"}},{"type":"container/run","id":"b","args":{"image":"%%ops.a.host%%"}}
            """);

        Assert.True(loaded.CanRun);
        Assert.Equal(2, loaded.Plan.Groups.Count);
        Assert.Empty(loaded.Faults);
    }

    [Fact]
    public void Load_NotADefinition_SaysWhy()
    {
        LoadedDefinition loaded = Load("""{"type":"container/run","id":"a","args":{}}""");

        Assert.False(loaded.IsValid);
        Assert.Equal("$input.ops[0].args", Assert.Single(loaded.Faults).Path);
    }

    [Theory]
    [InlineData("""{"type":"container/run","id":"a","args":{"image":"i"},"execution":{"depends_on":["b"]}}""", "$input.ops[0].execution.depends_on[0]")]
    [InlineData("""{"type":"container/run","id":"a","args":{"image":"%%ops.b.host%%"}}""", "$input.ops[0].args.image")]
    public void Load_WhatNoHostCanRun_IsValidAndHasNoPlan(string op, string path)
    {
        LoadedDefinition loaded = Load(op);

        Assert.True(loaded.IsValid);
        Assert.False(loaded.CanRun);
        Assert.Equal(path, Assert.Single(loaded.PlanFaults).Path);
        Assert.Equal(loaded.PlanFaults, loaded.Faults);
    }

    [Fact]
    public void Load_Circle_IsAnError()
    {
        LoadedDefinition loaded = Load("""
            {"type":"container/run","id":"a","args":{"image":"i"},"execution":{"depends_on":["b"]}},
            {"type":"container/run","id":"b","args":{"image":"i"},"execution":{"depends_on":["a"]}}
            """);

        Assert.False(loaded.IsValid);
        Assert.Contains("'a' -> 'b' -> 'a'", Assert.Single(loaded.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_StrictVerdict_IsNotPlanned()
    {
        LoadedDefinition loaded = Load("""{"type":"container/run","id":"a","args":{"image":"%%ops.b.host%%"}}""", ValidationMode.Strict);

        Assert.True(loaded.IsValid);
        Assert.Null(loaded.Plan);
        Assert.Empty(loaded.Faults);
    }

    [Fact]
    public void LoadFile_Yaml_IsReadByItsName() =>
        Assert.True(DefinitionLoader.LoadFile("job.yaml", "version: '0.1'\ntype: container\nops: []\n"u8.ToArray()).CanRun);

    private static LoadedDefinition Load(string ops, ValidationMode mode = ValidationMode.Union) =>
        DefinitionLoader.Load(Encoding.UTF8.GetBytes($$"""{"version":"0.1","type":"container","ops":[{{ops}}]}"""), mode);
}
