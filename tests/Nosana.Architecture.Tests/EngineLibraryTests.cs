using ArchUnitNET.Domain;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Nosana.Architecture.Tests;

/// <summary>
/// Of Docker.DotNet, only Nosana.Docker knows more than its models. The library's logs, wait, stop, pull and disk usage do other than they say on the
/// engines that hosts have, and a client of its own has neither our transport nor our errors.
/// </summary>
public sealed class EngineLibraryTests
{
    private const string Owner = "Nosana.Docker", Library = "Docker.DotNet", Models = "Docker.DotNet.Models.";

    private static readonly Lazy<IType[]> s_examples = new(() => Compiled.TypesOf(typeof(EngineLibraryTests).Assembly));

    [Fact]
    public void Sources_OutsideTheClient_NameModelsAlone() =>
        Verdict.NoFaults(Faults(Compiled.Types.Where(type => Compiled.ProjectOf(type) != Owner)));

    [Fact]
    public void Projects_OutsideTheClient_DoNotReferenceThePackage() => Assert.Equal(
        ["src/Nosana.Docker/Nosana.Docker.csproj"],
        Repository.ProjectFiles("src").Concat(Repository.ProjectFiles("tests")).Where(file => File.ReadAllText(file).Contains($"\"{Library}", StringComparison.Ordinal)).Select(Repository.Relative));

    [Theory]
    [InlineData(nameof(ReadsLogs))]
    [InlineData(nameof(Waits))]
    [InlineData(nameof(Stops))]
    [InlineData(nameof(Pulls))]
    [InlineData(nameof(MeasuresDisk))]
    [InlineData(nameof(BuildsAClient))]
    [InlineData(nameof(HoldsAClient))]
    public void Faults_OfTypeThatUsesTheLibrary_NameBoth(string type)
    {
        IReadOnlyList<string> faults = FaultsOf(type);
        Assert.NotEmpty(faults);
        Assert.All(faults, fault => Assert.Contains(type, fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Faults_OfTypeThatUsesModels_None() => Assert.Empty(FaultsOf(nameof(NamesModels)));

    private static IReadOnlyList<string> FaultsOf(string example) => Faults(s_examples.Value.Where(type => type.Name == example));

    private static IReadOnlyList<string> Faults(IEnumerable<IType> types) =>
    [
        .. Compiled.References(types, type => type.FullName, OfTheLibrary)
            .Select(use => $"{use.From} must not use {use.To}: ask IEngineClient, or give it what is missing")
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static string? OfTheLibrary(IType type) =>
        type.FullName.StartsWith(Library + ".", StringComparison.Ordinal) && !type.FullName.StartsWith(Models, StringComparison.Ordinal) ? type.FullName : null;

#pragma warning disable CA1812, CA1823, CA1859, CS0169, IDE0051 // Never run: only their compiled form is read.
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
