using System.Text;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Placeholders;
using Nosana.JobDefinition.Reading;
using Nosana.JobDefinition.Tests.Validation;
using Nosana.JobDefinition.Validation;
using Nosana.Testing;

namespace Nosana.JobDefinition.Tests.Reading;

/// <summary>Damaged documents: no crash, no hang, every refusal names its place, and what is accepted can be planned.</summary>
public class MutationTests(ITestOutputHelper output)
{
    private const int Seed = 99;
    private const int Mutations = 10_000;
    private const int TimeLimit = 240_000;

    private static readonly PlaceholderScope s_scope = new() { Job = "J", Host = "H" };

    [Fact(Timeout = TimeLimit)]
    public Task Read_DamagedExamples_NeverFailsWithoutAPlace() => RunAsync([.. Example.All.Select(e => e.Json.ToArray())], DefinitionReader.Read);

    [Fact(Timeout = TimeLimit)]
    public Task Read_DamagedCorpus_NeverFailsWithoutAPlace()
    {
        NeedsCorpus.OrSkip();
        return RunAsync([.. Directory.EnumerateFiles(RepositoryFiles.PublicDefinitions, "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)], DefinitionReader.Read);
    }

    [Fact(Timeout = TimeLimit)]
    public Task ReadYaml_DamagedDocuments_NeverFailsWithoutAPlace()
    {
        // JSON is YAML as well, apart from details; a block document is among the sources for its indentation.
        byte[] block = Encoding.UTF8.GetBytes("""
            version: "0.1"
            type: container
            meta: &m
              trigger: cli
            ops:
              - type: container/run
                id: nginx-1
                args:
                  cmd: []
                  image: nginx
                  env: {A: "%%global.job%%", B: 'x'}
                  expose:
                    - port: 80
                execution: {group: run, depends_on: []}
            global:
              variables: {X: &x y, Z: *x}
            """);
        return RunAsync([block, block, .. Example.All.Take(40).Select(e => e.Json.ToArray())], DefinitionReader.ReadYaml);
    }

    private Task RunAsync(byte[][] sources, Func<ReadOnlyMemory<byte>, ValidationMode, DefinitionResult> read) =>
        Task.Run(() =>
        {
            var mutator = new DefinitionMutator([.. sources.Where(IsJson), .. Example.All.Take(1).Select(e => e.Json.ToArray())], Seed);
            var bytes = new DefinitionMutator(sources, Seed) { JsonSources = mutator };
            int valid = 0, refused = 0;
            for (int i = 0; i < Mutations; i++)
            {
                byte[] document = bytes.NextBytes();
                foreach (ValidationMode mode in (ReadOnlySpan<ValidationMode>)[ValidationMode.Union, ValidationMode.Strict])
                {
                    DefinitionResult result = read(document, mode);
                    Check(result, document);
                    if (result.IsValid) valid++;
                    else refused++;
                    if (result.IsValid && mode == ValidationMode.Union) Use(result.Definition);
                }
            }
            output.WriteLine($"{Mutations} documents in both modes: valid {valid}, refused {refused}");
            Assert.True(valid > 0 && refused > Mutations / 2);
        }, TestContext.Current.CancellationToken);

    private static bool IsJson(byte[] document) => document[0] == (byte)'{';

    private static void Check(DefinitionResult result, byte[] document)
    {
        Assert.Equal(result.IsValid, result.Errors.Count == 0);
        foreach (DefinitionFault fault in result.Errors)
        {
            Assert.True(fault.Path.StartsWith("$input", StringComparison.Ordinal) && fault.Message.Length > 0, Encoding.UTF8.GetString(document));
            if (fault.Expected is "JSON" or "YAML" or "UTF-8") Assert.Matches("^(line [0-9]+, column [0-9]+: |the document has )", fault.Message);
        }
    }

    /// <summary>What the host does with a valid definition must not fail in any other way than by a placeholder.</summary>
    private static void Use(Definition definition)
    {
        PlaceholderResolver.FindMissingReferences(definition, FlowPlan.Create(definition).Plan);
        foreach (Operation op in definition.Ops)
        {
            try
            {
                if (op.Type == OperationType.ContainerRun) PlaceholderResolver.ResolveRun(definition, op, s_scope);
                else PlaceholderResolver.ResolveCreateVolume(op, s_scope);
            }
            catch (PlaceholderException e)
            {
                Assert.StartsWith(op.Path, e.Path, StringComparison.Ordinal);
            }
        }
    }
}
