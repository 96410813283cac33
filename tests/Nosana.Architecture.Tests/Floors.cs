namespace Nosana.Architecture.Tests;

/// <summary>
/// A building: each name stands on one floor and reaches only down. Names on one floor know nothing of each other.
/// </summary>
internal sealed class Floors
{
    private readonly Dictionary<string, int> _floors = new(StringComparer.Ordinal);
    private readonly string[][] _fromTheTop;

    /// <param name="fromTheTop">The floors, top first; each lists the names that stand on it.</param>
    public Floors(params string[][] fromTheTop)
    {
        _fromTheTop = fromTheTop;
        for (int floor = 0; floor < fromTheTop.Length; floor++)
            foreach (string name in fromTheTop[floor])
                _floors.Add(name, floor);
    }

    /// <summary>Who may import whom among the projects of <c>src/</c>.</summary>
    public static Floors Projects { get; } = new(
        ["Nosana.Node"],
        ["Nosana.LocalNet", "Nosana.Deployments"],
        ["Nosana.Programs"],
        ["Nosana.Solana", "Nosana.Ipfs", "Nosana.JobDefinition", "Nosana.Docker", "Nosana.Gpu"]);

    /// <summary>Who may import whom among the first-level namespaces of Nosana.Deployments.</summary>
    public static Floors Deployments { get; } = new(
        ["Api"],
        ["Reconciling"],
        ["Chain"],
        ["Vaults"],
        ["Store"],
        ["Strategies"],
        ["Model"]);

    /// <summary>Who may import whom among the rooms (first-level namespaces) of Nosana.Node.</summary>
    public static Floors Rooms { get; } = new(
        ["Cli"],
        ["Hosting"],
        ["Api", "Operations"],
        ["Market", "Posting", "HostManager", "Ssh"],
        ["Jobs"],
        ["Engine", "Gpus", "Exposure", "Logs", "Chain", "Control"],
        ["Journal", "Retries"],
        ["Files", "Texts"]);

    public IEnumerable<string> Names => _fromTheTop.SelectMany(floor => floor);

    public bool Has(string name) => _floors.ContainsKey(name);

    /// <summary>One sentence per reference that does not go down, each with both names and the place; empty when all do.</summary>
    public IReadOnlyList<string> Faults(IEnumerable<Reference> references) =>
        [.. references.Select(Fault).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>As <c>docs/architecture.md</c> draws it: a line a floor.</summary>
    public override string ToString() => string.Join('\n', _fromTheTop.Select(floor => string.Join("   ", floor)));

    private string? Fault(Reference reference)
    {
        (string from, string to, string where) = reference;
        if (from == to)
            return null;
        if (!_floors.TryGetValue(from, out int above))
            return $"{from} stands on no floor of the table: give it one ({where})";
        if (!_floors.TryGetValue(to, out int below))
            return $"{to} stands on no floor of the table: give it one ({where})";
        if (below > above)
            return null;
        return below == above
            ? $"{from} must not know {to}, they stand on one floor ({where})"
            : $"{from} must not reach up to {to} ({where})";
    }
}
