using System.Text.RegularExpressions;
using ArchUnitNET.Domain;

namespace Nosana.Architecture.Tests;

/// <summary>The floors of Nosana.JobDefinition: from the bytes of a document at the bottom to the one facade that loads a definition.</summary>
public sealed partial class JobDefinitionTests
{
    private const string Root = "Nosana.JobDefinition";
    private const string Facade = "(facade)";

    /// <summary>Who may know whom among the namespaces; what stands in the root is the facade.</summary>
    private static readonly Floors Namespaces = new(
        [Facade],
        ["Reading", "Placeholders", "Schema"],
        ["Validation"],
        ["Validation.Rules", "Flow", "Exposure", "Results"],
        ["Arguments", "JavaScriptPatterns"],
        ["Model", "Faults"],
        ["Documents", "Ssh"]);

    private static readonly string Sources = Path.Combine(Repository.Root, "src", Root);

    [Fact]
    public void JobDefinition_AsCompiled_NamespacesReachOnlyDown() => Verdict.NoFaults(Namespaces.Faults(Compiled.References(Compiled.Types, NameOf, NameOf)));

    /// <summary>Also what leaves no trace in the assembly: constants, and what is named in comments.</summary>
    [Fact]
    public void JobDefinition_AsWritten_NamespacesReachOnlyDown() =>
        Verdict.NoFaults(Namespaces.Faults(
            from file in SourceFiles()
            let text = File.ReadAllText(file)
            from Match match in QualifiedName().Matches(text)
            select new Reference(
                NameOf(Rooms.NamespaceDeclaration().Match(text).Groups["name"].Value)!, NameOf(match.Groups["name"].Value)!, Repository.Relative(file))));

    [Fact]
    public void JobDefinition_EverySourceFile_HasTheNamespaceOfItsFolder() =>
        Assert.All(SourceFiles(), file =>
        {
            string folder = Path.GetRelativePath(Sources, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            string expected = folder == "." ? Root : $"{Root}.{folder}";
            Assert.True(Rooms.NamespaceDeclaration().Match(File.ReadAllText(file)).Groups["name"].Value == expected, $"{Repository.Relative(file)}: the folder says {expected}");
        });

    /// <summary>Else it would be read and planned once more by each who asks.</summary>
    [Fact]
    public void Agent_DefinitionsComeFromTheFacade() => Assert.DoesNotContain(
        Compiled.References(Compiled.Types, type => Compiled.ProjectOf(type) == Rooms.RootNamespace ? type.FullName : null, NameOf), use => use.To == "Reading");

    private static string? NameOf(IType type) => Compiled.ProjectOf(type) == Root ? NameOf(type.Namespace.FullName) : null;

    private static string? NameOf(string name) =>
        name == Root ? Facade
        : name.StartsWith(Root + ".", StringComparison.Ordinal) ? name[(Root.Length + 1)..]
        : null;

    private static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories).Where(file => !Repository.Relative(file).Contains("/obj/", StringComparison.Ordinal));

    [GeneratedRegex(@"(?<=^using (static )?)(?<name>Nosana\.JobDefinition(\.[A-Z]\w*)*?)(?=(\.DifferenceEffect)?;)", RegexOptions.Multiline)]
    private static partial Regex QualifiedName();
}
