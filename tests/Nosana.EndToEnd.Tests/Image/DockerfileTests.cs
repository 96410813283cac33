using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Nosana.EndToEnd.Tests.Support;
using Nosana.JobDefinition.Exposure;
using Nosana.Solana.Wallet;

namespace Nosana.EndToEnd.Tests.Image;

/// <summary>The image that the Dockerfile builds, run as the README says, beside the engine that its jobs run on.</summary>
public sealed class DockerfileTests(AgentImage image) : IClassFixture<AgentImage>, IAsyncLifetime
{
    private const string State = "/var/lib/nosana-node";

    // Half of what the README's line gives it.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    private readonly string _name = $"nosana-node-{Guid.NewGuid():N}";
    private MarketNetwork _network = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _network = await MarketNetwork.StartAsync();
        await image.Engine.PullImageAsync(Definitions.Image, null, null, Token);
        await image.DockerAsync("volume", "create", _name);
        string volume = (await image.DockerAsync("volume", "inspect", "--format", "{{.Mountpoint}}", _name)).Trim();
        await AgentImage.RunAsync("install", null, "-o", AgentImage.User, "-g", AgentImage.User, "-d", volume);
        string key = Path.Combine(volume, "nosana_key.json");
        await AgentImage.RunAsync("install", null, "-o", AgentImage.User, "-g", AgentImage.User, "-m", "600", _network.HostKey, key);
    }

    public async ValueTask DisposeAsync()
    {
        await image.DockerAsync("rm", "--force", _name);
        await image.DockerAsync("volume", "rm", _name);
        await MarketHost.RemoveJobsAsync(image.Engine, _network.Host);
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task Container_ServesAJobStopsAndStartsAgain_AdoptsIt()
    {
        await StartAsync();
        await UntilAsync(() => Task.FromResult(_network.HostIsQueued), "the host is in the queue");
        await UntilAsync(async () => await InspectAsync("{{.State.Health.Status}}") == "healthy", "the engine calls the agent healthy");
        // The agent sees the engine's disk: as large as it is outside, in blocks.
        string data = await DataDirectoryAsync();
        string[] disk = ["-f", "-c", "%b"];
        Assert.Equal(await AgentImage.RunAsync("stat", null, [.. disk, data]), await image.DockerAsync(["exec", _name, "stat", .. disk, data]));
        Assert.StartsWith("Queued", await image.DockerAsync("exec", _name, "nosana-node", "health"), StringComparison.Ordinal);

        string page = Definitions.Shell("mkdir /www; echo from a job > /www/index.html; exec httpd -f -p 8080 -h /www", new JsonObject { ["expose"] = 8080 });
        PublicKey job = await _network.PostAsync(page, timeout: 600);
        Assert.Equal("from a job", await PageAsync(job));
        string label = $"label={Node.Engine.EngineLabels.Job}={job}";
        string container = (await image.DockerAsync("ps", "--quiet", "--no-trunc", "--filter", label)).Trim();

        long began = Stopwatch.GetTimestamp();
        await image.DockerAsync("stop", "--time", Seconds(Grace * 2), _name);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Grace);
        Assert.Equal("0", await InspectAsync("{{.State.ExitCode}}"));
        Assert.True((await image.Engine.InspectContainerAsync(container, Token)).State!.Running);

        await image.DockerAsync("start", _name);
        string adopted = $"Container {container[..12]} adopted";
        await UntilAsync(async () => (await image.DockerAsync("logs", _name)).Contains(adopted, StringComparison.Ordinal), adopted);
        Assert.Equal("from a job", await PageAsync(job));
        await _network.Poster.EndAsync(job, Token);
        await UntilAsync(() => Task.FromResult(_network.IsSettled(job)), "the job is settled");
        Assert.Equal(container, Definitions.Op(_network.ResultOf(job))["providerId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Container_HasNoKey_SaysSoAndIsRefused()
    {
        await StartAsync("--env", "NOSANA_KEY=/nowhere");
        await UntilAsync(async () => await InspectAsync("{{.State.Status}}") == "exited", "it has ended");
        Assert.Equal("2", await InspectAsync("{{.State.ExitCode}}"));
        Assert.Contains("/nowhere", await image.DockerAsync("logs", _name), StringComparison.Ordinal);
    }

    private async Task StartAsync(params string[] more)
    {
        string socket = image.Endpoint.LocalPath;
        string data = await DataDirectoryAsync();
        string group = (await AgentImage.RunAsync("stat", null, "-c", "%g", socket)).Trim();
        await image.DockerAsync(
            [
                "run", "--detach", "--name", _name, "--gpus", "all", "--network", "host", "--group-add", group, "--volume", $"{_name}:{State}",
                "--volume", $"{socket}:/var/run/docker.sock", "--volume", $"{data}/tmp:{data}:ro",
                "--volume", $"{_network.InfoFile}:/net.json:ro", "--env", "NOSANA_LOCALNET=/net.json",
                "--health-interval", "1s", .. more, AgentImage.Name, "start", "--expose-port", "0", "--api-port", "0",
            ]);
    }

    private async Task<string> PageAsync(PublicKey job)
    {
        string name = $"{ExposeId.ForPort(0, 8080, job)}.localhost", page = "";
        using var http = new HttpClient();
        await UntilAsync(
            async () =>
            {
                string[] announced = (await image.DockerAsync("logs", _name)).Split(name + ":");
                if (announced.Length == 1) return false;
                string port = announced[^1].Split(' ', '/', '\n')[0];
                using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/");
                request.Headers.Host = name;
                try
                {
                    using HttpResponseMessage response = await http.SendAsync(request, Token);
                    page = (await response.Content.ReadAsStringAsync(Token)).Trim();
                    return response.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false; // it was announced before the agent was stopped, at another port
                }
            },
            "the job's page is there");
        return page;
    }

    private async Task<string> DataDirectoryAsync() => (await image.DockerAsync("info", "--format", "{{.DockerRootDir}}")).Trim();

    private async Task<string> InspectAsync(string format) => (await image.DockerAsync("inspect", "--format", format, _name)).Trim();

    private async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > NodeProcess.Deadline)
                throw new TimeoutException($"Did not happen in time: {what}. The output:\n{await image.DockerAsync("logs", _name)}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), Token);
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);
}
