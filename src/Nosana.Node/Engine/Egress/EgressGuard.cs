namespace Nosana.Node.Engine.Egress;

/// <summary>
/// Looks whether the egress rules are in place. The agent has no right to read the machine's firewall; it reads the marker that
/// <c>packaging/egress.sh</c> leaves each time that it has put the rules in place, which its timer does every minute.
/// </summary>
internal sealed class EgressGuard(TimeProvider time, string markerPath = EgressGuard.DefaultMarker)
{
    public const string DefaultMarker = "/run/nosana-egress/active";

    /// <summary>A marker older than this says nothing about now: a firewall that was reloaded meanwhile may have emptied everything.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private const string Remedy = "Enable nosana-egress.timer, or run packaging/egress.sh install as root (docs/security.md).";

    public EgressStatus Read()
    {
        string[] lines;
        DateTime confirmed;
        try
        {
            lines = File.ReadAllLines(markerPath);
            confirmed = File.GetLastWriteTimeUtc(markerPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Inactive(e is FileNotFoundException or DirectoryNotFoundException
                ? "The egress rules are not installed"
                : $"{markerPath} cannot be read ({e.Message})");
        }
        if (!Values(lines, "bridges").Contains(JobNetworks.BridgePrefix))
            return Inactive($"The egress rules are for other bridges than this agent's ('{JobNetworks.BridgePrefix}*')");
        TimeSpan age = time.GetUtcNow() - confirmed;
        string[] refused = [.. Values(lines, "refuse")];
        if (age > Fresh) return Inactive($"The egress rules were last seen in place {(long)age.TotalMinutes} minutes ago") with { Refused = refused };
        return new EgressStatus(null, [.. Values(lines, "allow")]) { Refused = refused };
    }

    private static EgressStatus Inactive(string problem) =>
        new($"{problem}: jobs can reach this machine's own services, its local network and cloud metadata. {Remedy}", []);

    private static IEnumerable<string> Values(string[] lines, string key) =>
        lines.Where(line => line.StartsWith(key + ' ', StringComparison.Ordinal)).Select(line => line[(key.Length + 1)..].Trim());
}

/// <summary>Whether tenants are kept away from this machine's networks.</summary>
/// <param name="Problem">Why not, and what to do; null when they are.</param>
/// <param name="Loosened">Ranges that the operator opened to tenants.</param>
internal sealed record EgressStatus(string? Problem, IReadOnlyList<string> Loosened)
{
    /// <summary>Further ranges that the operator refuses them, whether or not the rules were seen of late.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    public bool IsActive => Problem is null;
}
