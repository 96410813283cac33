using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Nosana.Architecture.Tests;

/// <summary>
/// The projects of <c>src/</c> as they were compiled, read by ArchUnitNET: what a lambda or an async method uses counts as its method's. Types
/// of other assemblies are only known as far as these use them. It does not see a type that is named by a <c>catch</c> alone.
/// </summary>
internal static class Compiled
{
    /// <summary>The file of the agent is called as its command is.</summary>
    private const string AgentProject = "Nosana.Node", AgentAssembly = "nosana-node";

    private static readonly Lazy<IType[]> s_types = new(() => TypesOf(
        [.. Floors.Projects.Names.Select(project => Assembly.Load(project == AgentProject ? AgentAssembly : project))]));

    /// <summary>Those that the compiler invents (inline arrays, anonymous types) left out.</summary>
    public static IReadOnlyList<IType> Types => s_types.Value;

    public static IType[] TypesOf(params Assembly[] assemblies) =>
        [.. new ArchLoader().LoadAssemblies(assemblies).Build().Types.Where(type => !type.FullName.StartsWith('<'))];

    /// <summary>The project of a type, of this repository or not; empty for what stands in none, as a function pointer.</summary>
    public static string ProjectOf(IType type) => type.Assembly?.Name switch
    {
        AgentAssembly => AgentProject,
        var name => name ?? "",
    };

    /// <summary>Each use of a type by another, under the names that both are given; a type that gets null is left out.</summary>
    public static IEnumerable<Reference> References(IEnumerable<IType> types, Func<IType, string?> user, Func<IType, string?> used) =>
        from type in types
        let @from = user(type)
        where @from is not null
        from target in type.Dependencies.Select(dependency => dependency.Target).Distinct()
        where target is not GenericParameter
        let to = used(target)
        where to is not null
        select new Reference(@from, to, $"{type.FullName} names {target.FullName}");

    /// <summary>Who calls the methods of a type whose names begin so; a property's are get_NAME and set_NAME.</summary>
    /// <param name="owner">The full name of the type, which may be any library's.</param>
    /// <returns>From the calling type to the method.</returns>
    public static IEnumerable<Reference> Calls(IEnumerable<IType> types, string owner, string method) =>
        from type in types
        from call in type.Dependencies.OfType<MethodCallDependency>()
        where call.Target.FullName == owner && call.TargetMember.Name.StartsWith(method, StringComparison.Ordinal)
        select new Reference(type.FullName, $"{owner}.{call.TargetMember.Name.Split('(')[0]}", $"in {call.OriginMember.Name.Split('(')[0]}");
}
