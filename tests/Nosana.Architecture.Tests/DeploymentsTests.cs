using ArchUnitNET.Domain;

namespace Nosana.Architecture.Tests;

/// <summary>The floors of Nosana.Deployments: from what a deployment is at the bottom to who asks for one.</summary>
public sealed class DeploymentsTests
{
    private const string Root = "Nosana.Deployments";

    [Fact]
    public void Deployments_AsCompiled_NamespacesReachOnlyDown() => Verdict.NoFaults(Floors.Deployments.Faults(Compiled.References(Compiled.Types, NameOf, NameOf)));

    [Fact]
    public void Deployments_EverySourceFile_HasTheNamespaceOfItsFolder() => Assert.All(
        Repository.Paths.Where(path => path.StartsWith($"src/{Root}/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal)),
        path => Assert.Equal(
            Path.GetDirectoryName(path)!["src/".Length..].Replace('/', '.'),
            Rooms.NamespaceDeclaration().Match(File.ReadAllText(Path.Combine(Repository.Root, path))).Groups["name"].Value));

    private static string? NameOf(IType type) =>
        Compiled.ProjectOf(type) == Root && type.Namespace.FullName.StartsWith(Root + ".", StringComparison.Ordinal)
            ? type.Namespace.FullName[(Root.Length + 1)..].Split('.')[0]
            : null;
}
