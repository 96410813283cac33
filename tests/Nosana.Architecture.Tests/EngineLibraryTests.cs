using System.Reflection;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Nosana.Architecture.Tests;

/// <summary>
/// Of Docker.DotNet, only Nosana.Docker knows more than its models. The library's logs, wait, stop, pull and disk usage do other than they say on the
/// engines that hosts have, and a client of its own has neither our transport nor our errors.
/// </summary>
public sealed class EngineLibraryTests
{
    private const string Owner = "Nosana.Docker", Library = "Docker.DotNet", Models = "Docker.DotNet.Models";

    [Fact]
    public void Sources_OutsideTheClient_NameModelsAlone()
    {
        Assembly[] assemblies = [.. Repository.ProjectFiles("src").Select(Path.GetFileNameWithoutExtension).Where(name => name != Owner).Select(Load!)];
        Assert.NotEmpty(assemblies);
        Verdict.NoFaults([.. assemblies.SelectMany(assembly => assembly.GetTypes()).SelectMany(Faults)]);
    }

    [Fact]
    public void Projects_OutsideTheClient_DoNotReferenceThePackage() => Assert.Equal(
        ["src/Nosana.Docker/Nosana.Docker.csproj"],
        Repository.ProjectFiles("src").Concat(Repository.ProjectFiles("tests")).Where(file => File.ReadAllText(file).Contains($"\"{Library}", StringComparison.Ordinal)).Select(Repository.Relative));

    [Theory]
    [InlineData(typeof(ReadsLogs))]
    [InlineData(typeof(Waits))]
    [InlineData(typeof(Stops))]
    [InlineData(typeof(Pulls))]
    [InlineData(typeof(MeasuresDisk))]
    [InlineData(typeof(BuildsAClient))]
    [InlineData(typeof(HoldsAClient))]
    public void Faults_OfTypeThatUsesTheLibrary_NameBoth(Type type)
    {
        string[] faults = [.. type.GetNestedTypes(BindingFlags.NonPublic).Append(type).SelectMany(Faults)];
        Assert.NotEmpty(faults);
        Assert.All(faults, fault => Assert.Contains(type.Name, fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Faults_OfTypeThatUsesModels_None() => Assert.Empty(Faults(typeof(NamesModels)));

    private static IEnumerable<string> Faults(Type type) => TypeReferences.Of(type)
        .Where(named => named.Assembly.GetName().Name!.StartsWith(Library, StringComparison.Ordinal) && named.Namespace != Models)
        .Select(named => $"{type.FullName} must not use {named.FullName}: ask IEngineClient, or give it what is missing");

    /// <summary>An assembly has its project's name, but the agent, which has its program's.</summary>
    private static Assembly Load(string project) => Assembly.Load(project == Rooms.RootNamespace ? "nosana-node" : project);

#pragma warning disable CA1812, CA1823, CS0169, IDE0051 // Never run: only their compiled form is read.
    private sealed class ReadsLogs
    {
        public static Task Method(IDockerClient client) => client.Containers.GetContainerLogsAsync("x", new ContainerLogsParameters());
    }

    private sealed class Waits
    {
        public static async Task MethodAsync(object client) => await ((IDockerClient)client).Containers.WaitContainerAsync("x");
    }

    private sealed class Stops
    {
        public static Task Method(IContainerOperations containers) => containers.StopContainerAsync("x", new ContainerStopParameters());
    }

    private sealed class Pulls
    {
        public static Task Method(IImageOperations images) => images.CreateImageAsync(new ImagesCreateParameters(), null, new Progress<JSONMessage>());
    }

    private sealed class MeasuresDisk
    {
        public static Func<Task<SystemDataUsageInfoResponse>> Method(ISystemOperations system) => () => system.GetDataUsageInfoAsync();
    }

    private sealed class BuildsAClient
    {
        public static IDisposable Method() => new DockerClientBuilder().Build();
    }

    private sealed class HoldsAClient
    {
        private readonly DockerClient? _client;
    }

    private sealed class NamesModels
    {
        public static string Method(ContainerInspectResponse container) => container.ID;
    }
}
