using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Nosana.Docker;
using Nosana.JobDefinition;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Exposure;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Journal;
using Nosana.Node.Retries;
using Nosana.Node.Tests.Logs;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.Engine;

/// <summary>No name that a definition gives makes a request to the engine another one, even of an engine that takes every name.</summary>
public sealed class OddNameTests
{
    private const string Job = "oddnames";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Operations in JSON; the second says whether the job gets as far as a container.</summary>
    public static TheoryData<string, bool> Operations => new()
    {
        { """{"type":"container/run","id":"a","args":{"image":"busybox"}}""", true },
        { """{"type":"container/run","id":"a","args":{"image":"../containers/x"}}""", false },
        { """{"type":"container/run","id":"a","args":{"image":"docker.io/library/../../../containers/x"}}""", false },
        { """{"type":"container/run","id":"a","args":{"image":"busybox:.."}}""", false },
        { """{"type":"container/run","id":"a","args":{"image":"%2e%2e/%2e%2e/busybox"}}""", false },
        { """{"type":"container/run","id":"..","args":{"image":"busybox"}}""", true },
        { """{"type":"container/run","id":"../../x","args":{"image":"busybox"}}""", true },
        { """{"type":"container/run","id":"a","args":{"image":"busybox","volumes":[{"name":"../../containers/x","dest":"/data"}]}}""", false },
        { """{"type":"container/run","id":"a","args":{"image":"busybox","volumes":[{"name":"data/..","dest":"/a/../.."}]}}""", false },
        { """{"type":"container/create-volume","id":"a","args":{"name":"x/../../../containers/x"}}""", false },
        { """{"type":"container/run","id":"a","args":{"image":"busybox","resources":[{"type":"S3","url":"http://127.0.0.1:1/../../x","target":"/../.."}]}}""", false },
        { """{"type":"container/run","id":"a","args":{"image":"busybox","resources":[{"type":"HF","repo":"../../x","target":"/m"}]}}""", false },
        { """{"type":"container/run","id":"a","args":{"image":"busybox","resources":[{"type":"Ollama","model":"../../x:..","target":"/m"}]}}""", false },
    };

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Operations))]
    public async Task RunAsync_NamesWithSegmentsOfPoints_ReachNoPath(string operation, bool runs)
    {
        var answers = new WireEngine();
        await using Docker.Tests.FakeEngine engine = await Docker.Tests.FakeEngine.StartAsync(answers.AnswerAsync);
        using EngineClient client = engine.CreateClient();
        using var directory = new TemporaryDirectory();
        using JournalStore journal = JournalStore.InMemory(TimeProvider.System);
        var fetching = new ResourceOptions
        {
            StagingDirectory = directory.Path,
            Labels = new Dictionary<string, string>(),
            Retry = RetryPipelines.ResourceDownload with { Tries = 1 },
            HuggingFace = new Uri("http://127.0.0.1:1"),
            Ollama = new Uri("http://127.0.0.1:1"),
        };
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IEngineClient>(client)
            .AddSingleton(journal)
            .AddSingleton<IPullDisplay>(new NoPullDisplay())
            .AddSingleton(new ExposureSettings("localhost", Uri.UriSchemeHttp, () => null))
            .AddEngine(new EngineAddress(engine.Endpoint), new RegistryAccountOptions { ConfigFile = "/nonexistent/config.json", HelperDirectories = [] })
            .AddResources(fetching)
            .AddExposure(new IPEndPoint(IPAddress.Loopback, 0), "localhost")
            .AddJobs(directory.Path)
            .BuildServiceProvider();
        using var control = new JobControl(Token);

        LoadedDefinition loaded = DefinitionLoader.Load(Encoding.UTF8.GetBytes($$"""{"version":"0.1","type":"container","ops":[{{operation}}]}"""));
        if (loaded.CanRun)
        {
            var request = new JobRequest { Job = Job, Run = Job, Project = Job, Host = Job, Definition = loaded.Definition, Plan = loaded.Plan, Slot = new JobSlot("0", []) };
            await services.GetRequiredService<JobRunnerFactory>().Create(request, control, _ => { }).RunAsync();
        }

        string[] paths = [.. engine.Requests.Select(asked => Uri.UnescapeDataString(asked.Path))];
        Assert.DoesNotContain(paths, path => path.Split('/').Any(segment => segment is "." or ".."));
        Assert.DoesNotContain(paths, path => path.Contains("containers/x", StringComparison.Ordinal));
        Assert.Equal(runs, paths.Any(path => path.EndsWith("/start", StringComparison.Ordinal)));
    }
}
