namespace Nosana.Node.Journal;

/// <summary>How far a run has come. Each value is written before the side effect that follows it, so that a start after a kill knows where to go on.</summary>
internal enum RunPhase
{
    /// <summary>The run is ours on chain; nothing has been done for it.</summary>
    Claimed,

    /// <summary>The definition is stored and admitted; containers may exist from here on.</summary>
    Running,

    /// <summary>Nothing of the job runs any more; the result is stored.</summary>
    Ran,

    /// <summary>The result is pinned; its CID is stored.</summary>
    Published,

    /// <summary>This host could not serve the run; the reason is stored, and <c>quit</c> is owed or sent.</summary>
    Refused,

    /// <summary>The chain has closed the run.</summary>
    Closed,
}
