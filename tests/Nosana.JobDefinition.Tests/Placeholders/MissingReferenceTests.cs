using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Placeholders;

namespace Nosana.JobDefinition.Tests.Placeholders;

public class MissingReferenceTests
{
    private const string Producer =
        """{"type":"container/run","id":"first","args":{"image":"i","expose":[80,"90-91"]},"results":{"port":"x"},"execution":{"group":"g"}}""";

    [Theory]
    [InlineData("%%ops.first.host%% %%ops.first.endpoint.80%% %%ops.first.endpoint.91%% %%ops.first.results.port%% %%ops.first.results.port.3%%")]
    [InlineData("%%global.job%%%%global.host%%%%global.project%%%%global.frps_address%%%%global.version%%%%global.variables.M%%")]
    [InlineData("%%ops.first.container_ip%%")]
    [InlineData("%%globals.anything.else%% 100%% %%nothing.here%%")]
    public void FindMissingReferences_ValuesThatCanExist_FindsNothing(string text) => Assert.Empty(Find(text));

    [Theory]
    [InlineData("%%ops.frist.host%%", "no operation has the id 'frist' - did you mean 'first'?")]
    [InlineData("%%ops.first.results.prot%%", "extracts no result 'prot' - did you mean 'port'?")]
    [InlineData("%%ops.first.endpoint.81%%", "does not expose port 81")]
    [InlineData("%%ops.first.deployment_endpoint%%", "no deployment_id")]
    [InlineData("%%ops.first.address%%", "not 'address'")]
    [InlineData("%%ops.user.container_ip%%", "before its container has started")]
    [InlineData("%%ops.late.container_ip%%", "runs in a later group")]
    [InlineData("%%ops.volume.container_ip%%", "has no container")]
    [InlineData("%%ops.user.results.own%%", "before it ended")]
    [InlineData("%%ops.late.results.r%%", "runs in a later group")]
    [InlineData("%%global.variables.N%%", "has no 'N'")]
    [InlineData("%%global.variables.EMPTY%%", "is empty")]
    [InlineData("%%global.jobs%%", "known are")]
    [InlineData("\\u0025%ops.frist.host%%", "no operation has the id")]
    public void FindMissingReferences_ValuesThatCannotExist_AreNamedWithTheirPlace(string text, string why)
    {
        DefinitionFault fault = Assert.Single(Find(text));

        Assert.Equal("$input.ops[1].args.env[\"A-B\"]", fault.Path);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<DefinitionFault> Find(string text)
    {
        Definition definition = TestDefinitions.WithOps(
            Producer
            + """,{"type":"container/run","id":"user","args":{"image":"i","env":{"A-B":"TEXT"}},"results":{"own":"x"},"execution":{"group":"h"}}""".Replace("TEXT", text, StringComparison.Ordinal)
            + """,{"type":"container/run","id":"late","args":{"image":"i"},"results":{"r":"x"}},{"type":"container/create-volume","id":"volume","args":{"name":"v"}}""",
            ",\"global\":{\"variables\":{\"M\":\"m\",\"EMPTY\":\"\"}}");
        return PlaceholderResolver.FindMissingReferences(definition, FlowPlan.Create(definition).Plan);
    }
}
