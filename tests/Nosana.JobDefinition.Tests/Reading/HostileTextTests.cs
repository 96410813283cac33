using System.Text;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Placeholders;
using Nosana.JobDefinition.Reading;
using Nosana.JobDefinition.Validation;

namespace Nosana.JobDefinition.Tests.Reading;

/// <summary>Keys and ids nearly as long as a document may be: what is said of them must not be many times as long.</summary>
public class HostileTextTests
{
    private const int TimeLimit = 240_000;

    // A fault repeats a key at most a few times, and the last one listed may go beyond the limit.
    private const int MostText = DefinitionLimits.MaxFaultText + (4 * DefinitionLimits.MaxBytes);

    private static readonly string s_long = new('k', DefinitionLimits.MaxBytes / 2);

    public static TheoryData<string, string> Documents => new()
    {
        { "warnings below a long key", $$$$"""{"version":"0.1","type":"container","ops":[],"meta":{"{{{{s_long}}}}":{{{{{Many("\"a#\":null")}}}}}}}""" },
        { "unknown keys below a long key", Ops($$$$""" "args":{"image":"i"},"results":{"{{{{s_long}}}}":{{{{{Many("\"a#\":0")}}}}}} """) },
        { "unknown dependencies of a long id", Ops($$$$""" "id":"{{{{s_long}}}}","args":{"image":"i"},"execution":{"depends_on":[{{{{Many("\"z#\"")}}}}]} """) },
        { "missing references below a long key", Ops($$$$""" "args":{"image":"i","env":{"{{{{s_long}}}}":"{{{{Many("%%ops.z.q#%%")}}}}"}} """) },
        { "values below a long key", Ops($$$$""" "args":{"image":"%%global.job%%","expose":{"port":80,"health_checks":[{"type":"http","path":"/","method":"POST","expected_status":200,"continuous":true,"body":{"{{{{s_long}}}}":{{{{{Many("\"a#\":\"\"")}}}}}}}]}} """) },
        { "one key", $$$$"""{"{{{{s_long}}}}":1,"version":"0.1","type":"container","ops":[]}""" },
    };

    [Theory(Timeout = TimeLimit)]
    [MemberData(nameof(Documents))]
    public Task Read_LongKeysAndIds_SaysNoMoreThanTheLimit(string what, string json) =>
        Task.Run(() =>
        {
            byte[] document = Encoding.UTF8.GetBytes(json);
            Assert.InRange(document.Length, DefinitionLimits.MaxBytes / 2, DefinitionLimits.MaxBytes);
            foreach (ValidationMode mode in (ReadOnlySpan<ValidationMode>)[ValidationMode.Union, ValidationMode.Strict])
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                DefinitionResult result = DefinitionReader.Read(document, mode);
                long text = Length(result.Errors) + Length(result.Warnings) + Length(result.PlanFaults);
                if (result.Definition is { } definition)
                {
                    FlowPlanResult plan = FlowPlan.Create(definition);
                    text += Length(plan.All) + Length(PlaceholderResolver.FindMissingReferences(definition, plan.Plan));
                    foreach (var op in definition.Ops) TryResolve(definition, op);
                }
                Assert.True(text <= 2L * MostText, $"{what}: {text} characters");
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200L * 1024 * 1024);
            }
        }, TestContext.Current.CancellationToken);

    [Fact]
    public void Read_LiteralsThatStandForMoreThanMemoryHolds_AreRefused()
    {
        var definition = TestDefinitions.WithArgs("\"cmd\":\"" + string.Concat(Enumerable.Repeat("%%global.variables.M%%", 1000)) + "\"", ",\"global\":{\"variables\":{\"M\":\"" + s_long + "\"}}");

        var fault = Assert.Throws<PlaceholderException>(() => Resolve(definition, definition.Ops[0]));

        Assert.Equal("$input.ops[0].args.cmd", fault.Path);
        Assert.Contains("more than 4194304 characters", fault.Message, StringComparison.Ordinal);
    }

    private static void Resolve(JobDefinition.Model.Definition definition, JobDefinition.Model.Operation op) => PlaceholderResolver.ResolveRun(
        definition, op, new PlaceholderScope { Job = "job", Host = "host", Variables = definition.Global?.Variables ?? new Dictionary<string, string>() });

    private static void TryResolve(JobDefinition.Model.Definition definition, JobDefinition.Model.Operation op)
    {
        try
        {
            Resolve(definition, op);
        }
        catch (PlaceholderException)
        {
            // What cannot be resolved is another test's matter.
        }
    }

    private static long Length(IReadOnlyList<DefinitionFault> faults) => faults.Sum(fault => (long)fault.Path.Length + fault.Message.Length);

    private static string Ops(string members) =>
        $$$$"""{"version":"0.1","type":"container","ops":[{"type":"container/run"{{{{(members.Contains("\"id\"", StringComparison.Ordinal) ? "" : ",\"id\":\"a\"")}}}},{{{{members}}}}}]}""";

    private static string Many(string piece)
    {
        string separator = piece.StartsWith('%') ? "" : ",";
        return string.Join(separator, Enumerable.Range(0, 20_000).Select(i => piece.Replace("#", $"{i}", StringComparison.Ordinal)));
    }
}
