using System.Text.RegularExpressions;

namespace Nosana.Architecture.Tests;

public sealed class NamespaceReferenceTests
{
    private static readonly string Sources = Path.Combine(Repository.Root, "src", Rooms.RootNamespace);

    [Fact]
    public void Agent_AsCompiled_RoomsReachOnlyDown() => Verdict.NoFaults(Floors.Rooms.Faults(Compiled.References(Compiled.Types, Rooms.Of, Rooms.Of)));

    [Fact]
    public void Agent_AsWritten_RoomsReachOnlyDown() => Verdict.NoFaults(Floors.Rooms.Faults(AsWritten(Rooms.Named)));

    [Fact]
    public void Agent_AsCompiled_RoomsUseTheirProjects() => Verdict.NoFaults(RoomImports.Faults(Compiled.References(
        Compiled.Types,
        Rooms.Of,
        used => Compiled.ProjectOf(used) is var project && project != Rooms.RootNamespace && Floors.Projects.Has(project) ? project : null)));

    [Fact]
    public void Agent_AsWritten_RoomsUseTheirProjects() => Verdict.NoFaults(RoomImports.Faults(AsWritten(Rooms.Imports)));

    [Fact]
    public void Agent_EveryRoom_StandsInTheTableAndEveryNameOfTheTableIsARoom() =>
        Assert.Equal(Floors.Rooms.Names.Order(), Compiled.Types.Select(Rooms.Of).OfType<string>().Distinct().Order());

    [Fact]
    public void Agent_EverySourceFile_HasTheNamespaceOfItsFolder() =>
        Assert.All(SourceFiles(), file =>
        {
            string folder = Path.GetDirectoryName(file)!.Replace(Path.DirectorySeparatorChar, '.');
            string expected = folder.Length == 0 ? Rooms.RootNamespace : $"{Rooms.RootNamespace}.{folder}";
            Assert.All(Rooms.NamespaceDeclaration().Matches(TextOf(file)), (Match match) =>
                Assert.True(match.Groups["name"].Value == expected, $"{file}: namespace {match.Groups["name"].Value}, folder says {expected}"));
        });

    [Theory]
    [InlineData("Journal", "using Nosana.Node.Jobs.Hooks;", "Journal must not reach up to Jobs (file: Nosana.Node.Jobs)")]
    [InlineData("Engine", "return nameof(Nosana.Node.Market.RunSession);", "Engine must not reach up to Market (file: Nosana.Node.Market)")]
    [InlineData("Logs", "global using static Nosana.Node.Exposure.Routes;", "Logs must not know Exposure, they stand on one floor (file: Nosana.Node.Exposure)")]
    [InlineData("Cli", "using Nosana.Node.Helpers;", "Helpers stands on no floor of the table: give it one (file: Nosana.Node.Helpers)")]
    public void Faults_OfWrongSource_NameBothRooms(string room, string text, string fault) =>
        Assert.Equal([fault], Floors.Rooms.Faults(Rooms.Named(room, text, "file")));

    [Theory]
    [InlineData("Market", "using Nosana.Node.Jobs;")]
    [InlineData("Cli", "using Nosana.Node.Journal;")]
    [InlineData("Jobs", "using Nosana.Node.Jobs.Hooks;")]
    [InlineData("Journal", "using Nosana.NodeX.Jobs; // MyNosana.Node.Jobs, \"Nosana.Node.Jobs\" as a logger's name")]
    public void Faults_OfRightSource_None(string room, string text) =>
        Verdict.NoFaults(Floors.Rooms.Faults(Rooms.Named(room, text, "file")));

    [Theory]
    [InlineData("Journal", "using Nosana.LocalNet.Persistence;", "Journal must not use Nosana.LocalNet (file: Nosana.LocalNet.Persistence)")]
    [InlineData("Market", "using Nosana.Docker;", "Market must not use Nosana.Docker (file: Nosana.Docker)")]
    [InlineData("Chain", "typeof(global::Nosana.LocalNet.LocalNetServer)", "Chain must not use Nosana.LocalNet (file: Nosana.LocalNet.LocalNetServer)")]
    [InlineData("Cellar", "using Nosana.Solana.Rpc;", "Cellar must not use Nosana.Solana (file: Nosana.Solana.Rpc)")]
    public void Faults_OfAProjectThatARoomMayNotUse_NameBoth(string room, string text, string fault) =>
        Assert.Equal([fault], RoomImports.Faults(Rooms.Imports(room, text, "file")));

    [Theory]
    [InlineData("Engine", "using Nosana.Docker;")]
    [InlineData("Cli", "using Nosana.LocalNet;")]
    [InlineData("Journal", "using Nosana.Node.Journal;")]
    public void Faults_OfAProjectThatARoomMayUse_None(string room, string text) => Verdict.NoFaults(RoomImports.Faults(Rooms.Imports(room, text, "file")));

    private static IEnumerable<Reference> AsWritten(Func<string, string, string, IEnumerable<Reference>> read) =>
        SourceFiles().SelectMany(file => read(Rooms.Of(file), TextOf(file), file));

    /// <summary>Below the project's folder.</summary>
    private static IEnumerable<string> SourceFiles() =>
        Repository.Paths.Where(path => path.StartsWith($"src/{Rooms.RootNamespace}/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => path[$"src/{Rooms.RootNamespace}/".Length..]);

    private static string TextOf(string file) => File.ReadAllText(Path.Combine(Sources, file));
}
