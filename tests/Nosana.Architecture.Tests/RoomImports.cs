namespace Nosana.Architecture.Tests;

/// <summary>Which projects of <c>src/</c> each room of Nosana.Node may use: what stands in no row may not be used.</summary>
internal static class RoomImports
{
    private static readonly string[] s_everything = [.. Floors.Projects.Names.Where(name => name != Rooms.RootNamespace)];

    private static readonly Dictionary<string, string[]> s_table = new()
    {
        ["Cli"] = s_everything,
        ["Hosting"] = s_everything,
        ["Api"] = ["Nosana.Solana", "Nosana.JobDefinition", "Nosana.Docker"],
        ["Operations"] = ["Nosana.Programs", "Nosana.Solana", "Nosana.Ipfs"],
        ["HostManager"] = ["Nosana.Programs", "Nosana.Solana", "Nosana.JobDefinition", "Nosana.Gpu"],
        ["Market"] = ["Nosana.Programs", "Nosana.Solana", "Nosana.Ipfs", "Nosana.JobDefinition"],
        ["Posting"] = ["Nosana.Programs", "Nosana.Solana", "Nosana.Ipfs"],
        ["Ssh"] = ["Nosana.Solana", "Nosana.JobDefinition", "Nosana.Docker"],
        ["Jobs"] = ["Nosana.JobDefinition", "Nosana.Docker", "Nosana.Gpu"],
        ["Engine"] = ["Nosana.JobDefinition", "Nosana.Docker"],
        ["Gpus"] = ["Nosana.Gpu"],
        ["Exposure"] = ["Nosana.JobDefinition"],
        ["Logs"] = ["Nosana.Docker"],
        ["Chain"] = ["Nosana.Programs", "Nosana.Solana"],
        ["Control"] = [],
        ["Journal"] = [],
        ["Retries"] = [],
        ["Files"] = [],
        ["Texts"] = [],
    };

    /// <summary>As <c>docs/architecture.md</c> writes it.</summary>
    public static string Of(string room) => s_table[room] switch
    {
        [] => "none",
        var all when all == s_everything => "all",
        var some => string.Join(", ", some),
    };

    /// <summary>One sentence per use that the table does not allow, with the room, the project and the place.</summary>
    public static IReadOnlyList<string> Faults(IEnumerable<Reference> references) =>
    [
        .. references
            .Where(reference => !s_table.GetValueOrDefault(reference.From, []).Contains(reference.To))
            .Select(reference => $"{reference.From} must not use {reference.To} ({reference.Where})")
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];
}
