using ArchUnitNET.Domain;

namespace Nosana.Architecture.Tests;

/// <summary>The floors of Nosana.Deployments: from what a deployment is at the bottom to what its owner asks at the top.</summary>
public sealed class DeploymentNamespaceTests
{
    private const string Root = "Nosana.Deployments";

    private static readonly Floors Namespaces = new(
        ["Api"],
        ["Reconciling"],
        ["Chain"],
        ["Vaults"],
        ["Store"],
        ["Strategies"],
        ["Model"]);

    [Fact]
    public void Deployments_AsCompiled_NamespacesReachOnlyDown() => Verdict.NoFaults(Namespaces.Faults(Compiled.References(Compiled.Types, NameOf, NameOf)));

    private static string? NameOf(IType type) => Compiled.ProjectOf(type) == Root && type.Namespace.FullName.StartsWith(Root + ".", StringComparison.Ordinal)
        ? type.Namespace.FullName[(Root.Length + 1)..].Split('.')[0]
        : null;
}
