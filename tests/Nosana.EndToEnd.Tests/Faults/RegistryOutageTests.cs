using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Nosana.EndToEnd.Tests.Support;
using Nosana.Node.Engine.Images;

namespace Nosana.EndToEnd.Tests.Faults;

/// <summary>The registry of a job's image goes away and comes back: the job waits for it and runs.</summary>
public sealed class RegistryOutageTests : IDisposable
{
    private const int Ballast = 16 << 20, Middle = 4 << 20;

    private readonly string _home = Directory.CreateTempSubdirectory("nosana-outage-").FullName;
    private readonly TestEngine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _engine.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Run_RegistryIsKilledInTheMiddleOfThePull_EndsInSuccess()
    {
        await using var registry = new LoopbackRegistry();
        await registry.StartAsync();
        string digest = await BallastImage.PushAsync(registry, Ballast);
        await using var barrier = new Barrier(registry.Port, Middle);
        await using NodeProcess run = Start(barrier.Port);
        await Within(barrier.Reached);
        await registry.KillAsync();
        barrier.Open();
        // The engine has asked again while there was none.
        await Within(barrier.Refused);
        await registry.StartAsync();
        await AssertRanAsync(run, barrier.Port, digest);
    }

    [Fact]
    public async Task Run_RegistryIsAwayWhenThePullBegins_EndsInSuccess()
    {
        await using var registry = new LoopbackRegistry();
        await registry.StartAsync();
        string digest = await BallastImage.PushAsync(registry, Ballast);
        await registry.KillAsync();
        await using NodeProcess run = Start(registry.Port);
        await run.LineAsync("is tried again");
        await registry.StartAsync();
        await AssertRanAsync(run, registry.Port, digest);
    }

    private static Task Within(Task task) => task.WaitAsync(NodeProcess.Deadline, Token);

    private NodeProcess Start(int port)
    {
        JsonNode definition = JsonNode.Parse(Definitions.Exec("/bin/busybox", "sha256sum", "/ballast"))!;
        definition["ops"]![0]!["args"]!["image"] = BallastImage.At(port);
        return NodeProcess.StartRun(_home, definition.ToJsonString(), _engine.Endpoint, "--registry", $"127.0.0.1:{port}");
    }

    private async Task AssertRanAsync(NodeProcess run, int port, string digest)
    {
        int code = await run.ExitAsync(3 * NodeProcess.Deadline);
        Assert.True(code == 0, $"run ended with {code}:\n{run.Text}");
        Assert.Equal([$"{digest}  /ballast"], Definitions.LinesOf(Definitions.Op(JsonNode.Parse(run.Output)!)));
        await _engine.Client.DeleteImageAsync(OwnNames.Of(ImageReference.Parse(BallastImage.At(port))), new ImageDeleteParameters { Force = true }, Token);
    }
}
