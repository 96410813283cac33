using Nosana.JobDefinition.Exposure;
using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Tests.Exposure;

public class EndpointsTests
{
    [Theory]
    [InlineData("80", new[] { 80 }, false)]
    [InlineData("\"90-92\"", new[] { 90, 91, 92 }, false)]
    [InlineData("{\"port\":80}", new[] { 80 }, false)]
    [InlineData("[80,\"90-91\",{\"port\":\"95-96\"},{\"port\":99}]", new[] { 80, 90, 91, 95, 96, 99 }, false)]
    [InlineData("[80,\"%%ops.me.results.x%%\"]", new[] { 80 }, true)]
    [InlineData("[{\"__spread__\":\"%%ops.me.results.x%%\"},81]", new[] { 81 }, true)]
    [InlineData("\"%%ops.me.results.x%%\"", new int[0], true)]
    [InlineData("[]", new int[0], false)]
    public void StaticPorts_EveryForm_GivesWhatIsKnownBeforeTheStart(string expose, int[] ports, bool hasMore)
    {
        Operation op = TestDefinitions.WithArgs($"\"expose\":{expose}").Ops[0];

        Assert.Equal(ports, Endpoints.StaticPorts(op).Select(p => p.Port));
        Assert.Equal(hasMore, Endpoints.HasDynamicPorts(op));
    }

    [Fact]
    public void StaticPorts_NothingExposed_IsEmpty() => Assert.Empty(Endpoints.StaticPorts(TestDefinitions.WithArgs("").Ops[0]));

    [Fact]
    public void StaticPorts_RangeWithChecks_LeavesTheChecksOut() =>
        Assert.All(
            Endpoints.StaticPorts(TestDefinitions.WithArgs("\"expose\":[{\"port\":\"80-81\",\"health_checks\":[{\"type\":\"websocket\",\"expected_response\":\"x\",\"continuous\":true}]}]").Ops[0]),
            port => Assert.Empty(port.HealthChecks));
}
