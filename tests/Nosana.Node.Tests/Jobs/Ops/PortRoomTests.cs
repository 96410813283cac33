using System.Text;
using System.Text.Json.Nodes;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Tests.Jobs.Ops;

public sealed class PortRoomTests
{
    private readonly Definition _definition = DefinitionLoader.Load(Encoding.UTF8.GetBytes(
        """{"version":"0.1","type":"container","ops":[{"type":"container/run","id":"a","args":{"image":"i"}},{"type":"container/run","id":"b","args":{"image":"i"}}]}""")).Definition!;

    private Operation A => _definition.Ops[0];

    private Operation B => _definition.Ops[1];

    [Fact]
    public void Take_TogetherNoMoreThanThereMayBe_IsGiven()
    {
        var room = new PortRoom("job", null);
        room.Take(A, 999);
        room.Take(B, 1);
        Assert.Throws<PlaceholderException>(() => room.Take(B, 2));
    }

    [Fact]
    public void Take_SameOperationAgain_CountsItsLastRun()
    {
        var room = new PortRoom("job", null);
        room.Take(A, 1000);
        room.Take(A, 1);
        room.Take(B, 999);
    }

    [Fact]
    public void Take_AfterTheAgentWasAway_KnowsTheEndpointsThatThereAre()
    {
        var endpoints = new JsonObject();
        for (int port = 1; port <= 900; port++) endpoints[$"{port}"] = new JsonObject { ["opID"] = "a", ["port"] = port };
        var room = new PortRoom("job", new FlowState { Secrets = new JsonObject { ["job"] = endpoints, ["urlmode"] = "public" } });
        Assert.Equal("$input.ops[1].args.expose", Assert.Throws<PlaceholderException>(() => room.Take(B, 101)).Path);
        room.Take(B, 100);
    }
}
