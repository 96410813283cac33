using System.Text.RegularExpressions;
using Nosana.JobDefinition.Model;

namespace Nosana.Node.Jobs.HostNames;

/// <summary>Names by which the job's other containers reach an operation's in the job's network, beside its container's own: its aliases and its id.</summary>
internal static partial class OpHostNames
{
    /// <summary>
    /// The aliases, then the operation's id; definitions rely on that. The id is left out where it is not a DNS label (letters, digits, '-' and '_',
    /// at most 63), and where another operation has it as an alias, which is what its author meant.
    /// </summary>
    public static IReadOnlyList<string> Of(Definition definition, Operation op, ContainerRunArgs args)
    {
        bool isFree = DnsLabel().IsMatch(op.Id)
            && !args.Aliases.Contains(op.Id, StringComparer.OrdinalIgnoreCase)
            && !definition.Ops.Any(other => other != op && other.Args.AliasesAsWritten.Contains(op.Id, StringComparer.OrdinalIgnoreCase));
        return isFree ? [.. args.Aliases, op.Id] : args.Aliases;
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DnsLabel();
}
