using System.Text.RegularExpressions;
using ArchUnitNET.Domain;

namespace Nosana.Architecture.Tests;

/// <summary>The rooms (first-level namespaces) of Nosana.Node, and what the text of a source file names.</summary>
internal static partial class Rooms
{
    public const string RootNamespace = "Nosana.Node";

    /// <summary>What stands outside the rooms (Program.cs) composes them, as the verbs do.</summary>
    private const string CompositionRoot = "Cli";

    /// <summary>The room of a type; null for types of other projects.</summary>
    public static string? Of(IType type)
    {
        if (Compiled.ProjectOf(type) != RootNamespace)
            return null;
        return type.FullName.StartsWith($"{RootNamespace}.", StringComparison.Ordinal) && type.FullName[(RootNamespace.Length + 1)..].Split('.') is [string room, _, ..]
            ? room
            : CompositionRoot;
    }

    /// <summary>The room of a source file, by its path below the project's folder.</summary>
    public static string Of(string path) => path.Split('/') is [string room, _, ..] ? room : CompositionRoot;

    /// <summary>The rooms that a source file imports or spells out: sees constants and nameof, which leave no trace in the assembly.</summary>
    public static IEnumerable<Reference> Named(string room, string text, string where) =>
        from Match match in QualifiedName().Matches(text)
        where match.Groups["project"].Value == RootNamespace && match.Groups["room"].Success
        select new Reference(room, match.Groups["room"].Value, $"{where}: {match.Value}");

    /// <summary>The other projects that a source file imports or spells out.</summary>
    public static IEnumerable<Reference> Imports(string room, string text, string where) =>
        from Match match in QualifiedName().Matches(text)
        where match.Groups["project"].Value != RootNamespace
        select new Reference(room, match.Groups["project"].Value, $"{where}: {match.Value}");

    [GeneratedRegex(@"(?<![\w.""/])(?<project>Nosana\.[A-Z]\w*)(?:\.(?<room>[A-Z]\w*))?")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    public static partial Regex NamespaceDeclaration();
}
