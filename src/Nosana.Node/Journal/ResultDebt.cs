namespace Nosana.Node.Journal;

/// <summary>What the poster is still owed of a run's result once the run is settled. The journal stores the numbers.</summary>
internal enum ResultDebt
{
    None = 0,

    /// <summary>The pinning service did not take it in time, or refused this host.</summary>
    Pin = 1,

    /// <summary>The pinning service has it, and no gateway was seen to serve it yet.</summary>
    Gateway = 2,
}
