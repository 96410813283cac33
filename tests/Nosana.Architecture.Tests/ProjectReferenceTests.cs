using System.Xml.Linq;

namespace Nosana.Architecture.Tests;

public sealed class ProjectReferenceTests
{
    [Fact]
    public void Sources_OfEveryProject_ReachOnlyDown()
    {
        IReadOnlyList<string> projects = Repository.ProjectFiles("src");
        Assert.NotEmpty(projects);
        Verdict.NoFaults(Floors.Projects.Faults(projects.SelectMany(ProjectReferences.Of)));
    }

    /// <summary>What a project uses by way of another stands in no project file.</summary>
    [Fact]
    public void Sources_AsCompiled_ReachOnlyDown() => Verdict.NoFaults(Floors.Projects.Faults(Compiled.References(
        Compiled.Types, Compiled.ProjectOf, used => Compiled.ProjectOf(used) is var project && Floors.Projects.Has(project) ? project : null)));

    [Fact]
    public void Sources_EveryProject_StandsInTheTableAndEveryNameOfTheTableIsAProject() =>
        Assert.Equal(Floors.Projects.Names.Order(), Repository.ProjectFiles("src").Select(file => Path.GetFileNameWithoutExtension(file)).Order());

    [Fact]
    public void Sources_OfEveryProject_ReferenceNoTests() =>
        Assert.DoesNotContain(Repository.ProjectFiles("src").SelectMany(ProjectReferences.Of), reference => reference.To.EndsWith(".Tests", StringComparison.Ordinal));

    /// <summary>Tests of one project see what that project may see, so that they stay tests of it.</summary>
    [Fact]
    public void Tests_OfOneProject_ReferenceItAndWhatIsBelow()
    {
        IEnumerable<Reference> references =
            from file in Repository.ProjectFiles("tests")
            from reference in ProjectReferences.Of(file)
            let tested = reference.From.EndsWith(".Tests", StringComparison.Ordinal) ? reference.From[..^".Tests".Length] : reference.From
            where Floors.Projects.Has(tested)
            select reference with { From = tested };
        Verdict.NoFaults(Floors.Projects.Faults(references));
    }

    [Theory]
    [InlineData("Nosana.Docker", "../Nosana.Node/Nosana.Node.csproj", "Nosana.Docker must not reach up to Nosana.Node (file)")]
    [InlineData("Nosana.Programs", "..\\Nosana.LocalNet\\Nosana.LocalNet.csproj", "Nosana.Programs must not reach up to Nosana.LocalNet (file)")]
    [InlineData("Nosana.Solana", "../Nosana.Ipfs/Nosana.Ipfs.csproj", "Nosana.Solana must not know Nosana.Ipfs, they stand on one floor (file)")]
    [InlineData("Nosana.Node", "../Nosana.Extra/Nosana.Extra.csproj", "Nosana.Extra stands on no floor of the table: give it one (file)")]
    public void Faults_OfWrongReference_NameBoth(string project, string include, string fault)
    {
        XDocument content = new(new XElement("Project", new XElement("ItemGroup", new XElement("ProjectReference", new XAttribute("Include", include)))));
        Assert.Equal([fault], Floors.Projects.Faults(ProjectReferences.Of(project, content, "file")));
    }
}
