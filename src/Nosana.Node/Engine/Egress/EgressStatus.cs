namespace Nosana.Node.Engine.Egress;

/// <summary>Whether tenants are kept away from this machine's networks.</summary>
/// <param name="Problem">Why not, and what to do; null when they are.</param>
/// <param name="Loosened">Ranges that the operator opened to tenants.</param>
internal sealed record EgressStatus(string? Problem, IReadOnlyList<string> Loosened)
{
    public bool IsActive => Problem is null;
}
