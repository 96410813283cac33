using System.Reflection;
using Docker.DotNet.Models;

namespace Nosana.Docker.Tests;

/// <summary>What callers get when an engine answers oddly: nulls are never theirs to look for, and anything else is one exception.</summary>
public sealed class AnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every method of <see cref="IEngineClient"/> that sends a request.</summary>
    public static TheoryData<string> Operations => [.. Requests.Select(method => method.Name)];

    /// <summary>Those whose first parameter is a name, which becomes a part of a path.</summary>
    public static TheoryData<string, string> Names => new(
        from method in Requests
        where method.GetParameters()[0].Name is "id" or "name"
        from name in (string[])["", "..", ".", "../x", "x/../../info", "a/./b", "a/..", "%2e%2e/x", "..%2fx", "..\\x"]
        select (method.Name, name));

    private static IEnumerable<MethodInfo> Requests => typeof(IEngineClient).GetMethods().Where(method => method.Name.EndsWith("Async", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task AnyRequest_NameThatLeadsElsewhere_IsRefusedAndNotSent(string operation, string name)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        using EngineClient client = engine.CreateClient();

        var e = await Assert.ThrowsAsync<DockerApiException>(() => CallAsync(client, operation, name));

        Assert.Equal(400, (int)e.StatusCode);
        Assert.Contains("is empty or has a segment '.' or '..'", e.EngineMessage);
        Assert.Empty(engine.Requests);
    }

    [Theory]
    [InlineData("a?b#c", "/v1.41/containers/a%3Fb%23c/json")]
    [InlineData("a..b", "/v1.41/containers/a..b/json")]
    public async Task InspectContainerAsync_OddName_StaysOneSegment(string id, string target)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        using EngineClient client = engine.CreateClient();

        await client.InspectContainerAsync(id, Token);

        Assert.Equal(target, (await engine.NextAsync()).Target);
    }

    [Fact]
    public async Task InspectImageAsync_NameWithSlashesAndDigest_KeepsThem()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        using EngineClient client = engine.CreateClient();

        await client.InspectImageAsync("ghcr.io:443/a/b@sha256:00", Token);

        Assert.Equal("/v1.41/images/ghcr.io:443/a/b@sha256:00/json", (await engine.NextAsync()).Target);
    }

    /// <summary>An engine that left everything out, wrote null for everything, or answered null.</summary>
    [Theory]
    [MemberData(nameof(Operations))]
    public async Task AnyRequest_AnswerOfNulls_IsReadOrIsOneException(string operation)
    {
        foreach (string answer in (string[])["{}", "[{}]", "[]", "[null]", "null", "", "{\"Volumes\":[{}]}", "{\"Volumes\":[null]}"])
        {
            await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 200, answer));
            using EngineClient client = engine.CreateClient();
            try
            {
                await CallAsync(client, operation, "x");
            }
            catch (DockerException)
            {
                // What cannot be read, such as an object where a list belongs.
            }
        }
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{\"Id\":")]
    [InlineData("{\"Created\":{\"odd\":[1]}}")]
    [InlineData("{\"Created\":99999999999999999}")]
    [InlineData("{\"Created\":\"yesterday\"}")]
    [InlineData("{\"State\":{\"ExitCode\":\"137\"}}")]
    [InlineData("{\"State\":[]}")]
    [InlineData("{\"HostConfig\":{\"RestartPolicy\":{\"Name\":\"sometimes\"}}}")]
    [InlineData("{\"Name\":\"\\ud800\"}")]
    [InlineData("[]")]
    public async Task InspectContainerAsync_AnswerThatIsNotOne_IsAStreamException(string answer)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 200, answer));
        using EngineClient client = engine.CreateClient();

        await Assert.ThrowsAsync<DockerStreamException>(() => client.InspectContainerAsync("a", Token));
    }

    [Fact]
    public async Task InspectContainerAsync_NullsOfAllKinds_AreLeftOut()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(
            context, 200,
            """
            {"Id":"a","Name":null,"Created":"2026-11-21T02:35:00.123456789Z","Args":null,"RestartCount":null,"Image":null,"Config":{"Labels":null},
             "State":{"Status":"exited","Running":null,"ExitCode":137,"OOMKilled":true,"Error":null,"StartedAt":null},
             "HostConfig":{"Memory":null,"RestartPolicy":null},"NetworkSettings":{"Ports":{"80/tcp":null},"Networks":null},"Future":{"x":[null,1]}}
            """));
        using EngineClient client = engine.CreateClient();

        ContainerInspectResponse container = await client.InspectContainerAsync("a", Token);

        Assert.Equal(("", "", 0L, 2026), (container.Name, container.Image, container.RestartCount, container.Created.Year));
        Assert.Equal((137L, false, true, "", ""), (container.State!.ExitCode, container.State.Running, container.State.OOMKilled, container.State.Error, container.State.StartedAt));
        Assert.Empty(container.Config!.Labels);
        Assert.Equal(RestartPolicyKind.Undefined, container.HostConfig!.RestartPolicy.Name);
        Assert.Empty(container.NetworkSettings!.Networks);
    }

    [Fact]
    public async Task Lists_NullsInThem_AreEmpty()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(
            context, 200, context.Request.Path.Value!.EndsWith("/volumes", StringComparison.Ordinal) ? """{"Volumes":[{"Name":"v","Labels":null}]}""" : """[{"Id":"1","Names":null,"Labels":null,"RepoTags":null,"RepoDigests":null}]"""));
        using EngineClient client = engine.CreateClient();

        ContainerListResponse container = Assert.Single(await client.ListContainersAsync(new ContainersListParameters { All = true }, Token));
        ImagesListResponse image = Assert.Single(await client.ListImagesAsync(Token));
        NetworkResponse network = Assert.Single(await client.ListNetworksAsync(new NetworksListParameters(), Token));
        VolumeResponse volume = Assert.Single(await client.ListVolumesAsync(new VolumesListParameters(), Token));

        Assert.Equal(("1", "1", "1", "v"), (container.ID, image.ID, network.ID, volume.Name));
        Assert.Equal((0, 0, 0, 0), (container.Names.Count, container.Labels.Count, image.RepoTags.Count, image.RepoDigests.Count));
        Assert.Equal((0, 0), (network.Labels.Count, volume.Labels.Count));
    }

    [Fact]
    public async Task SingleAnswers_NullsInThem_AreEmpty()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 200, """{"Id":"x","Warnings":null,"Labels":null,"Runtimes":null,"RepoDigests":null}"""));
        using EngineClient client = engine.CreateClient();

        SystemInfoResponse info = await client.GetSystemInfoAsync(Token);

        Assert.Equal((0, 0, 0), (info.Warnings.Count, info.SecurityOptions.Count, info.Runtimes.Count));
        Assert.Empty((await client.CreateContainerAsync(new CreateContainerParameters { Image = "i" }, Token)).Warnings);
        Assert.Empty((await client.InspectImageAsync("i", Token)).RepoDigests);
        Assert.Empty((await client.InspectNetworkAsync("n", Token)).Labels);
        Assert.Empty((await client.InspectVolumeAsync("v", Token)).Labels);
        Assert.Empty((await client.CreateVolumeAsync(new VolumesCreateParameters { Name = "v" }, Token)).Labels);
    }

    /// <summary>Every text is <paramref name="name"/>, everything else is as little as there can be.</summary>
    private static async Task CallAsync(EngineClient client, string operation, string name)
    {
        MethodInfo method = typeof(IEngineClient).GetMethod(operation)!;
        object?[] arguments = [.. method.GetParameters().Select(parameter => parameter switch
        {
            { ParameterType: var type } when type == typeof(string) => name,
            { ParameterType: var type } when type == typeof(CancellationToken) => Token,
            { ParameterType: var type } when type == typeof(Stream) => new MemoryStream(),
            { ParameterType: var type } when type == typeof(IReadOnlyList<string>) => Array.Empty<string>(),
            { ParameterType: var type } when type == typeof(TerminalSpec) => new TerminalSpec([name], []),
            { ParameterType: { IsInterface: true } } => null,
            { ParameterType: var type } => type == typeof(AuthConfig) ? null : Activator.CreateInstance(type),
        })];
        await (Task)method.Invoke(client, arguments)!;
    }
}
