using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.Docker.Tests;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Engine.Resources;
using Nosana.Testing;

namespace Nosana.Node.Tests.Engine;

/// <summary>
/// What the agent does with answers in which an engine wrote null for everything: the library's models have lists that are null although they are
/// declared not null, and no compiler says so.
/// </summary>
public sealed class NullAnswerTests
{
    private static readonly Dictionary<string, string> Labels = new() { [EngineLabels.Job] = "job" };

    /// <summary>By name, everything of the engine's room that reads an answer.</summary>
    private static readonly Dictionary<string, Func<IEngineClient, CancellationToken, Task>> Uses = new()
    {
        ["ping"] = (client, cancel) => Containers(client).PingAsync(cancel),
        ["create"] = (client, cancel) => Containers(client).CreateAsync(new() { Name = "n", Image = "i", NetworkName = "n" }, new HardeningProfile(), cancel),
        ["wait"] = (client, cancel) => Containers(client).WaitAsync("x", cancel),
        ["inspect"] = (client, cancel) => Containers(client).InspectAsync("x", "n", cancel),
        ["find"] = (client, cancel) => Containers(client).FindAsync(Labels, cancel),
        ["network"] = (client, cancel) => new JobNetworks(client).EnsureAsync("n", Labels, cancel),
        ["volume"] = (client, cancel) => new JobVolumes(client).EnsureAsync("v", Labels, cancel),
        ["reap"] = (client, cancel) => Reaper(client).RemoveAllOfJobAsync("job", cancel),
        ["jobs"] = (client, cancel) => Reaper(client).FindJobsAsync(null, cancel),
        ["images"] = (client, cancel) => ImageInventory.ReadAsync(client, cancel),
        ["image"] = async (client, cancel) =>
        {
            using var puller = new ImagePuller(client, new EngineDelivery(client, new DockerConfigFile("/nonexistent/config.json")), new PullOptions(), NullLogger<ImagePuller>.Instance);
            await puller.FindAsync("busybox", cancel);
            await puller.RemoveAsync("busybox", cancel);
        },
        ["disk"] = (client, cancel) => new EngineDisk(client, isHere: true, _ => 1).FreeBytesAsync(cancel),
        ["mounts"] = (client, cancel) => new DiskMeter(client).WritableVolumesAsync("x", cancel),
        ["used"] = (client, cancel) => new DiskMeter(client).UsedAsync("x", "job", new HashSet<string>(["v"]), cancel),
        ["resources"] = (client, cancel) => Filler(client).RecoverAsync(cancel),
        ["resource"] = (client, cancel) => Filler(client).ExistsAsync("v", cancel),
    };

    public static TheoryData<string, int> Cases => new(from use in Uses.Keys from depth in (int[])[0, 1] select (use, depth));

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Cases))]
    public async Task Use_AnswerOfNulls_IsReadOrIsAFaultOfTheEngine(string use, int depth)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        engine.Answer = context => FakeEngine.Json(context, 200, Answer(context.Request.Method, context.Request.Path.Value!, depth));
        using EngineClient client = engine.CreateClient();
        try
        {
            await Uses[use](client, TestContext.Current.CancellationToken);
        }
        catch (EngineException)
        {
            // Such as a container without an id.
        }
        Assert.NotEmpty(engine.Requests);
    }

    private static string Answer(string method, string path, int depth) => (method, path[path.IndexOf('/', 1)..]) switch
    {
        ("GET", "/containers/json") => Array(typeof(ContainerListResponse), depth),
        ("GET", "/images/json") => Array(typeof(ImagesListResponse), depth),
        ("GET", "/networks") => Array(typeof(NetworkResponse), depth),
        ("DELETE", _) => "[null]",
        ("GET", "/volumes" or "/system/df") => depth == 0 ? """{"Volumes":null}""" : $$"""{"Volumes":{{Array(typeof(VolumeResponse), depth)}}}""",
        ("POST", "/containers/create") => Object(typeof(CreateContainerResponse), depth).ToJsonString(),
        ("POST", "/networks/create") => Object(typeof(NetworksCreateResponse), depth).ToJsonString(),
        ("GET", "/info") => Object(typeof(SystemInfoResponse), depth).ToJsonString(),
        (_, var rest) when rest.StartsWith("/images/", StringComparison.Ordinal) => Object(typeof(ImageInspectResponse), depth).ToJsonString(),
        (_, var rest) when rest.StartsWith("/networks/", StringComparison.Ordinal) => Object(typeof(NetworkResponse), depth).ToJsonString(),
        (_, var rest) when rest.StartsWith("/volumes/", StringComparison.Ordinal) => Object(typeof(VolumeResponse), depth).ToJsonString(),
        _ => Object(typeof(ContainerInspectResponse), depth).ToJsonString(),
    };

    private static string Array(Type item, int depth) => new JsonArray(Object(item, depth), null).ToJsonString();

    /// <summary>Null for every member; of the members that are objects, down to a depth, objects of nulls.</summary>
    private static JsonObject Object(Type model, int depth)
    {
        var json = new JsonObject();
        foreach (PropertyInfo property in model.GetProperties())
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>() is not { } name) continue;
            bool isModel = property.PropertyType.Namespace == model.Namespace && property.PropertyType.IsClass;
            json[name.Name] = isModel && depth > 0 ? Object(property.PropertyType, depth - 1) : null;
        }
        return json;
    }

    private static ContainerRuntime Containers(IEngineClient client) => new(client, NullLogger<ContainerRuntime>.Instance);

    private static JobReaper Reaper(IEngineClient client) => new(client, Containers(client), new JobNetworks(client), new JobVolumes(client));

    private static VolumeFiller Filler(IEngineClient client) => new(client, new ResourceOptions { StagingDirectory = "/nonexistent", Labels = Labels });
}
