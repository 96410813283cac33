using System.Reflection;
using System.Text.RegularExpressions;

namespace Nosana.Architecture.Tests;

/// <summary>References between the rooms of Nosana.Node: from its compiled assembly, and from the text of its sources.</summary>
internal static partial class Rooms
{
    public const string RootNamespace = "Nosana.Node";

    /// <summary>What stands outside the rooms (Program.cs) composes them, as the verbs do.</summary>
    private const string CompositionRoot = "Cli";

    /// <summary>The room of a type; null for types of other assemblies and those that the compiler invents.</summary>
    public static string? Of(Type type, Assembly assembly)
    {
        if (type.Assembly != assembly)
            return null;
        while (type.DeclaringType is { } outer)
            type = outer;
        // Names that no source can spell: <PrivateImplementationDetails>, inline arrays.
        if (type.Namespace is null)
            return type.Name.StartsWith('<') ? null : CompositionRoot;
        return Of(type.Namespace);
    }

    /// <summary>The room of a namespace; null outside <see cref="RootNamespace"/>.</summary>
    public static string? Of(string @namespace)
    {
        if (@namespace == RootNamespace)
            return CompositionRoot;
        return @namespace.StartsWith(RootNamespace + ".", StringComparison.Ordinal)
            ? @namespace[(RootNamespace.Length + 1)..].Split('.')[0]
            : null;
    }

    public static IEnumerable<Reference> References(Assembly assembly) =>
        from type in assembly.GetTypes()
        let room = Of(type, assembly)
        where room is not null
        from named in TypeReferences.Of(type)
        let other = Of(named, assembly)
        where other is not null
        select new Reference(room, other, $"{type.FullName} names {named.FullName}");

    /// <summary>What a source file imports or spells out: sees constants and nameof, which leave no trace in the assembly.</summary>
    public static IEnumerable<Reference> References(string room, string text, string where) =>
        from Match match in QualifiedName().Matches(text)
        select new Reference(room, match.Groups["room"].Value, $"{where}: {match.Value}");

    [GeneratedRegex(@"(?<![\w.""/])Nosana\.Node\.(?<room>[A-Z]\w*)")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    public static partial Regex NamespaceDeclaration();
}
