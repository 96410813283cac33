namespace Nosana.Node.Engine;

/// <summary>Where the engine is.</summary>
internal sealed record EngineAddress(Uri Uri)
{
    /// <summary>Whether the engine runs on this machine, so that its directories are this machine's.</summary>
    public bool IsHere => Uri.Scheme == "unix";
}
