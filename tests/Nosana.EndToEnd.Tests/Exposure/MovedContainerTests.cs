using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.EndToEnd.Tests.Faults;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine;
using Nosana.Testing;

namespace Nosana.EndToEnd.Tests.Exposure;

/// <summary>An engine that is restarted gives a container another address: its service is found there by the same name.</summary>
public sealed class MovedContainerTests(RestartableEngine engine) : IClassFixture<RestartableEngine>, IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("nosana-moved-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task EngineRestart_GivesTheContainerAnotherAddress_ItsNameLeadsThere(string signal)
    {
        await engine.UseAsync();
        await WebImage.AddAsync(engine.Test.Client);
        // The first has the network's first address and does not come back; the second then gets it.
        await using NodeProcess run = NodeProcess.Start(
            _home, null, ["run", NodeProcess.Write(_home, Definition()), "--docker", engine.Agents.Endpoint.OriginalString], through: engine.Inside);
        string line = (await run.LineAsync("is reached at ")).Text;
        string url = line[line.IndexOf("http://", StringComparison.Ordinal)..].Split(' ')[0].TrimEnd('/');
        await UntilAsync(async () => await CurlAsync(url + "/x") == "/x", "the service is there", run);
        string before = await AddressAsync();

        await engine.StopAsync(signal);
        await engine.StartAsync();
        await UntilAsync(async () => await CurlAsync(url + "/x") == "/x", "the service is found again", run);

        Assert.NotEqual(before, await AddressAsync());
        await run.LineAsync($"The container has moved from {before}");
        run.Interrupt();
        await run.ExitAsync(3 * NodeProcess.Deadline);
    }

    private static string Definition() => new JsonObject
    {
        ["version"] = "0.1",
        ["type"] = "container",
        ["ops"] = new JsonArray(
            new JsonObject
            {
                ["type"] = "container/run",
                ["id"] = "first",
                ["args"] = new JsonObject { ["image"] = Definitions.Image, ["cmd"] = new JsonArray("sleep", "infinity") },
                ["execution"] = new JsonObject { ["group"] = "g" },
            },
            new JsonObject
            {
                ["type"] = "container/run",
                ["id"] = "web",
                ["args"] = new JsonObject { ["image"] = WebImage.Name, ["expose"] = WebImage.Port, ["restart_policy"] = new JsonObject { ["policy"] = "on-failure" } },
                ["execution"] = new JsonObject { ["group"] = "g", ["depends_on"] = new JsonArray("first") },
            }),
    }.ToJsonString();

    private Task<string> CurlAsync(string url) => Client.RunAsync(engine.Inside[0], [.. engine.Inside.Skip(1), "curl", "--silent", "--max-time", "5", url]);

    private async Task<string> AddressAsync()
    {
        var parameters = new ContainersListParameters { Filters = new DockerFilters { { "label", $"{EngineLabels.Op}=web" } } };
        ContainerListResponse web = Assert.Single(await engine.Test.Client.ListContainersAsync(parameters, Token));
        return (await engine.Test.Client.InspectContainerAsync(web.ID, Token)).NetworkSettings!.Networks!.Values.Single().IPAddress!;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what, NodeProcess run)
    {
        DateTimeOffset began = DateTimeOffset.UtcNow;
        while (!await condition())
            if (DateTimeOffset.UtcNow - began > 2 * NodeProcess.Deadline) throw new TimeoutException($"Did not happen: {what}.\n{run.Text}");
    }
}
