using System.Reflection;
using System.Text.RegularExpressions;

namespace Nosana.Architecture.Tests;

public sealed class NamespaceReferenceTests
{
    private static readonly string Sources = Path.Combine(Repository.Root, "src", Rooms.RootNamespace);

    /// <summary>By name and not by a type of it: the tests stand whatever the agent's types are called.</summary>
    private static Assembly Agent => Assembly.Load("nosana-node");

    [Fact]
    public void Agent_AsCompiled_RoomsReachOnlyDown() => Verdict.NoFaults(Floors.Rooms.Faults(Rooms.References(Agent)));

    [Fact]
    public void Agent_AsWritten_RoomsReachOnlyDown() =>
        Verdict.NoFaults(Floors.Rooms.Faults(SourceFiles().SelectMany(file => Rooms.References(RoomOf(file), File.ReadAllText(file), Repository.Relative(file)))));

    [Fact]
    public void Agent_EveryType_StandsInARoomOfTheTable()
    {
        Assembly agent = Agent;
        Assert.All(agent.GetTypes(), type => Assert.True(
            Rooms.Of(type, agent) is not { } room || Floors.Rooms.Has(room), $"{type.FullName} stands in a room that has no floor in the table"));
    }

    [Fact]
    public void Agent_EverySourceFile_HasTheNamespaceOfItsFolder() =>
        Assert.All(SourceFiles(), file =>
        {
            string folder = Path.GetRelativePath(Sources, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            string expected = folder == "." ? Rooms.RootNamespace : $"{Rooms.RootNamespace}.{folder}";
            Assert.All(Rooms.NamespaceDeclaration().Matches(File.ReadAllText(file)), (Match match) =>
                Assert.True(match.Groups["name"].Value == expected, $"{Repository.Relative(file)}: namespace {match.Groups["name"].Value}, folder says {expected}"));
        });

    [Theory]
    [InlineData("Journal", "using Nosana.Node.Jobs.Hooks;", "Journal must not reach up to Jobs (file: Nosana.Node.Jobs)")]
    [InlineData("Engine", "return nameof(Nosana.Node.Market.RunSession);", "Engine must not reach up to Market (file: Nosana.Node.Market)")]
    [InlineData("Logs", "global using static Nosana.Node.Exposure.Routes;", "Logs must not know Exposure, they stand on one floor (file: Nosana.Node.Exposure)")]
    [InlineData("Cli", "using Nosana.Node.Helpers;", "Helpers stands on no floor of the table: give it one (file: Nosana.Node.Helpers)")]
    public void Faults_OfWrongSource_NameBothRooms(string room, string text, string fault) =>
        Assert.Equal([fault], Floors.Rooms.Faults(Rooms.References(room, text, "file")));

    [Theory]
    [InlineData("Market", "using Nosana.Node.Jobs;")]
    [InlineData("Cli", "using Nosana.Node.Journal;")]
    [InlineData("Jobs", "using Nosana.Node.Jobs.Hooks;")]
    [InlineData("Journal", "using Nosana.NodeX.Jobs; // MyNosana.Node.Jobs, \"Nosana.Node.Jobs\" as a logger's name")]
    public void Faults_OfRightSource_None(string room, string text) =>
        Verdict.NoFaults(Floors.Rooms.Faults(Rooms.References(room, text, "file")));

    private static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories).Where(file => !Repository.Relative(file).Contains("/obj/", StringComparison.Ordinal));

    private static string RoomOf(string file) =>
        Path.GetRelativePath(Sources, file).Split(Path.DirectorySeparatorChar) is [string room, _, ..] ? room : "Cli";
}
