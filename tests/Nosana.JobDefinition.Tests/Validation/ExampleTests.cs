using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Reading;
using Nosana.JobDefinition.Validation;

namespace Nosana.JobDefinition.Tests.Validation;

/// <summary>The 168 examples: verdict, places and wording of the kit in strict mode, the union of the clients otherwise.</summary>
public class ExampleTests
{
    private const string Kit = "kit-types-2.1.6";
    private const string ThrowsInTheKit = "X101";

    private static readonly string[] s_union = [Kit, "kit-types-head", "sdk-0.4.69", "sdk-0.4.71src"];

    public static TheoryData<string> Ids => [.. Example.All.Select(e => e.Id)];

    [Fact]
    public void Examples_AreAllThere() => Assert.Equal(168, Example.All.Count);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Read_Strict_GivesTheKitsVerdictPlacesAndWording(string id)
    {
        Example example = Example.Find(id);
        DefinitionResult result = DefinitionReader.Read(example.Json, ValidationMode.Strict);

        if (id == ThrowsInTheKit)
        {
            Assert.Equal("$input.ops[0].args.expose[0]", Assert.Single(result.Errors).Path);
            return;
        }
        ExpectedVerdict kit = example.Verdict(Kit);
        Assert.Equal(kit.Errors, result.Errors.Select(e => (e.Path, e.Expected)));
        Assert.Equal(kit.Valid, result.IsValid);
        Assert.Empty(result.Warnings);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Read_Union_AcceptsWhatSomeOfficialClientAccepts(string id)
    {
        Example example = Example.Find(id);
        bool accepted = s_union.Any(validator => example.Verdict(validator).Valid == true);
        const string Cycle = "P05";

        DefinitionResult result = DefinitionReader.Read(example.Json);

        Assert.Equal(accepted && id != Cycle, result.IsValid);
        if (accepted && result.IsValid && example.Verdict(Kit).Valid != true) Assert.NotEmpty(result.Warnings);
        Assert.All(result.Errors, e => Assert.StartsWith("$input", e.Path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("P01", "$input.ops[0].execution.depends_on[0]", "cannot depend on itself")]
    [InlineData("P02", "$input.ops[0].execution.depends_on[0]", "'zz', which does not exist")]
    [InlineData("P03", "$input.ops[1].execution.depends_on[0]", "group 'g2'")]
    [InlineData("P04", "$input.ops[1].execution.depends_on[0]", "no group")]
    public void Read_Union_NamesWhatTheOfficialPlanRefuses(string id, string path, string message)
    {
        DefinitionResult result = DefinitionReader.Read(Example.Find(id).Json);

        Assert.True(result.IsValid);
        DefinitionFault fault = Assert.Single(result.PlanFaults);
        Assert.Equal(path, fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.False(FlowPlan.Create(result.Definition).IsValid);
    }

    [Fact]
    public void Read_Union_RefusesACycleAndNamesItsMembers()
    {
        DefinitionResult result = DefinitionReader.Read(Example.Find("P05").Json);

        DefinitionFault fault = Assert.Single(result.Errors);
        Assert.Equal("$input.ops[0].execution.depends_on[0]", fault.Path);
        Assert.Contains("'a' -> 'b' -> 'a'", fault.Message, StringComparison.Ordinal);
    }
}
